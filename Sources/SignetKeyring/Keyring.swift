import RSASigning
package import SignetStore
import Synchronization

/// The issuer's signing keys and server secrets, as they lie in one directory.
///
/// Which key signs and which are published follows from `keyring.json` and the time, so any number of processes that
/// share the directory agree without talking. What the directory holds is read as a whole into a snapshot that never
/// changes; ``followChanges(at:)`` puts the next one in its place.
package final class Keyring: Sendable {
    let files: KeyringDirectory
    let passphrase: Passphrase?
    private let state: Mutex<KeyringSnapshot>
    /// Held while a snapshot is read or written, so that an older one never takes the place of a newer one. Holds why
    /// the last try to read failed.
    private let changing = Mutex<FailedReading?>(nil)
    /// A key that was made ahead of the change that needs it; see ``prepareKey()``.
    let spare = Mutex<RSAPrivateKey?>(nil)

    init(files: KeyringDirectory, passphrase: Passphrase?, snapshot: KeyringSnapshot) {
        self.files = files
        self.passphrase = passphrase
        state = Mutex(snapshot)
    }

    /// The keys as they were read last. The lock is held for as long as it takes to count a reference.
    var snapshot: KeyringSnapshot { state.withLock { $0 } }

    /// The keys for verifiers at `now`; rendered again only when they change.
    package func publishedKeys(at now: Timestamp) -> PublishedKeys { snapshot.publication(at: now).published }

    /// All keys, in the order of `keyring.json`.
    package func listing(at now: Timestamp) -> [KeyListing] { overview.listing(at: now) }

    /// What `keyring.json` says.
    package var overview: KeyringOverview { snapshot.overview }

    /// The kids of keys that sign or are to sign and could not be read. None where the passphrase for them is missing:
    /// nobody can tell then.
    package func unreadKeys(at now: Timestamp) -> [String] {
        let snapshot = snapshot
        guard passphrase != nil || !snapshot.document.sealing.isEncrypted else { return [] }
        return snapshot.document.keys
            .filter { $0.hasPrivateHalf && [.next, .active].contains($0.state(at: now)) }
            .map(\.kid).filter { snapshot.signingKeys[$0] == nil }
    }

    /// The kid of the key that signs at `now`; `nil` when none may.
    package func signingKeyID(at now: Timestamp) -> String? { snapshot.publication(at: now).signing?.kid }

    /// The key for new tokens; `nil` if no key may sign at `now`, or if no key that may sign could be read.
    package func signingKey(at now: Timestamp) -> SigningKey? { snapshot.publication(at: now).signing }

    /// The secrets behind refresh tokens at `now`.
    package func refreshSecrets(at now: Timestamp) -> RefreshSecrets {
        snapshot.publication(at: now).refreshSecrets
    }

    /// Reads the directory again when `keyring.json` was replaced since. Blocks: files are read, and keys that are new
    /// here may have to be decrypted, which takes tenths of a second each.
    ///
    /// When that fails, the next try comes half a minute later, unless `keyring.json` is replaced before; until then, the
    /// same error is thrown again.
    /// - Parameter always: whether to read at once whatever was replaced, and files that are known as well.
    /// - Returns: whether there was a change.
    /// - Throws: all codes but `generationFailed` and `refused`. When `keyring.json` itself can be read, its word holds all
    ///   the same: a key that was revoked is gone, and the keys and secrets that can be read, or were known, are in use as
    ///   far as it names them. Unless it belongs to somebody who could not have changed the directory: then only what it
    ///   takes away holds. It does not hold at all when it would leave no key to sign with and does not know the one that
    ///   does.
    @discardableResult
    package func followChanges(always: Bool = false, at now: Timestamp = .system()) throws(KeyringError) -> Bool {
        try changing.withLock { failed throws(KeyringError) in
            let old = snapshot
            let stamp = files.stamp(of: KeyringDocument.fileName)
            guard always || failed != nil || stamp != old.stamp else { return false }
            try files.check()
            if !always, let failed, failed.holds(for: stamp, at: now) { throw failed.error }
            let rereads = always || failed?.rereads == true
            do throws(KeyringError) {
                try follow(from: old, rereading: rereads, at: now)
            } catch {
                failed = FailedReading(stamp: stamp, rereads: rereads, error: error, time: now)
                throw error
            }
            failed = nil
            return snapshot.document != old.document
        }
    }

    private func follow(from old: KeyringSnapshot, rereading: Bool, at now: Timestamp) throws(KeyringError) {
        let loader = KeyringLoader(files: files, passphrase: passphrase, known: rereading ? nil : old)
        let reading: KeyringReading?
        do throws(KeyringError) {
            reading = try loader.read(at: now)
        } catch {
            if let foreign = try? loader.overview(ofAnybody: true) {
                let left = old.reduced(by: foreign.document, at: now)
                let revocations = foreign.document.revocations
                if left.mayReplace(old, revocations: revocations, at: now) { state.withLock { $0 = left } }
            }
            throw error
        }
        guard let reading else { throw .vanished(files) }
        guard let fault = reading.fault else { return state.withLock { $0 = reading.snapshot } }
        let new = reading.snapshot.completed(from: old)
        if new.mayReplace(old, revocations: new.document.revocations, at: now) { state.withLock { $0 = new } }
        throw fault
    }

    /// Makes a key for a change that comes now, unless there is one. Blocks for tenths of a second.
    ///
    /// The lead of a key counts from the time that a change is given, so making it must not come in between.
    package func prepareKey() throws(KeyringError) {
        guard spare.withLock({ $0 == nil }) else { return }
        let key = try KeyringDraft.makeKey()
        spare.withLock { $0 = key }
    }

    /// Changes the keyring under its lock and takes over what came of it. Blocks.
    /// - Parameters:
    ///   - waiting: whether to wait for another process that holds the lock.
    ///   - isCommand: whether an operator wants the change now.
    ///   - revoking: the kid of a key to be dropped, for which it is enough to read what can be read.
    ///   - body: changes the draft; an unchanged one is not written.
    /// - Returns: what was done; `nil` when the lock was not free.
    func change(
        waiting: Bool, isCommand: Bool, revoking: String? = nil, at now: Timestamp,
        _ body: (inout KeyringDraft) throws(KeyringError) -> Void
    ) throws(KeyringError) -> [KeyChange]? {
        try changing.withLock { _ throws(KeyringError) in
            let work = { () throws(KeyringError) -> [KeyChange] in
                // Whoever does not need it, or fails, leaves it for the next.
                let prepared = self.spare.withLock { $0.take() }
                var unused = prepared
                var left: RSAPrivateKey?
                defer { self.spare.withLock { $0 = unused } }
                let (new, changes) = try KeyringWriter(files: self.files, passphrase: self.passphrase)
                    .write(known: self.snapshot, isCommand: isCommand, revoking: revoking, at: now) {
                        draft throws(KeyringError) in
                        draft.spare = prepared
                        try body(&draft)
                        left = draft.spare
                    }
                unused = left
                self.state.withLock { $0 = new }
                return changes
            }
            return waiting ? try files.withLock(work) : try files.withLockIfFree(work)
        }
    }
}
