import LocalFiles
import RSASigning
package import SignetStore
import Synchronization

// The module SignetKeyring manages signing keys, refresh token HMAC keys, and the times at which each of them is used.
// It must not use the issuer, the issuer's errors or audit log, or the verifier. It imports SignetStore only for
// `Timestamp`.

/// The issuer's signing keys and refresh token HMAC keys, kept in one directory.
///
/// `keyring.json` and the time determine which key signs and which keys are published, so all processes that share the
/// directory agree without talking to each other. A process uses the version of the keyring that it has loaded, until
/// ``followChanges(always:at:)`` loads a newer version.
package final class Keyring: Sendable {
    let files: KeyringDirectory
    let passphrase: Passphrase?
    let generator = SigningKeyGenerator()
    private let state: Mutex<KeyringSnapshot>
    /// Held while this process reads or writes the keyring, so that an older version never replaces a newer one in
    /// memory. The value describes the last read if that read failed; `nil` if it succeeded.
    private let changing = Mutex<FailedReading?>(nil)

    init(files: KeyringDirectory, passphrase: Passphrase?, snapshot: KeyringSnapshot) {
        self.files = files
        self.passphrase = passphrase
        state = Mutex(snapshot)
    }

    /// The version of the keyring that this process uses now.
    var snapshot: KeyringSnapshot { state.withLock { $0 } }

    /// The content of `keyring.json`.
    package var overview: KeyringOverview { snapshot.overview }

    /// All signing keys in `keyring.json`, the oldest first.
    package func listing(at now: Timestamp) -> [KeyListing] { overview.listing(at: now) }

    /// The keys that verifiers receive at `now`. The JSON is rendered again only if the keys change.
    package func publishedKeys(at now: Timestamp) -> PublishedKeys { snapshot.publication(at: now).published }

    /// The key for new tokens; `nil` if no readable key may sign at `now`.
    package func signingKey(at now: Timestamp) -> SigningKey? { snapshot.publication(at: now).signing }

    /// The ID of the key for new tokens; `nil` if no readable key may sign at `now`.
    package func signingKeyID(at now: Timestamp) -> String? { signingKey(at: now)?.keyID }

    /// The refresh token HMAC keys that are in use at `now`.
    package func refreshSecrets(at now: Timestamp) -> RefreshSecrets {
        snapshot.publication(at: now).refreshSecrets
    }

    /// The IDs of the keys that sign or will sign, but whose files could not be read. Always empty if the key files are
    /// encrypted and this process has no passphrase, because it cannot tell whether the files are intact.
    package func unreadableKeys(at now: Timestamp) -> [String] {
        let snapshot = snapshot
        guard passphrase != nil || !snapshot.document.encryption.isEncrypted else { return [] }
        return snapshot.document.keys.filter { $0.needsPrivateHalf(at: now) }
            .map(\.keyID).filter { snapshot.signingKeys[$0] == nil }
    }

    // MARK: - Reading

    /// Loads the keyring again if `keyring.json` was replaced. Blocks the thread: decrypting a new key takes tenths of
    /// a second.
    ///
    /// If some key files cannot be read, the new version is used with the keys that can be read or are already in
    /// memory. Exception: a new version with which this process could not sign is used only if it contains or revokes
    /// the current signing key.
    ///
    /// If `keyring.json` is owned by a user who must not change it, the keys that it removes are no longer used, and
    /// the keys that it adds are ignored.
    ///
    /// For 30 seconds after a failed read, calls throw the same error without reading, unless `keyring.json` is
    /// replaced.
    /// - Parameter always: `true` reads at once, even if nothing changed, and also reads key files that were read
    ///   before.
    /// - Returns: `true` if this process now uses another content of `keyring.json` than before.
    /// - Throws: every `KeyringError` code except `generationFailed` and `refused`.
    @discardableResult
    package func followChanges(always: Bool = false, at now: Timestamp = .system()) throws(KeyringError) -> Bool {
        try changing.withLock { failed throws(KeyringError) in
            let old = snapshot
            let fingerprint = files.fingerprint(of: KeyringDocument.fileName)
            guard always || failed != nil || fingerprint != old.fingerprint else { return false }
            try files.check()
            if !always, let failed, failed.isRecent(for: fingerprint, at: now) { throw failed.error }
            let rereads = always || failed?.rereads == true
            do throws(KeyringError) {
                try follow(from: old, rereading: rereads, at: now)
            } catch {
                failed = FailedReading(fingerprint: fingerprint, rereads: rereads, error: error, time: now)
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
            if let untrusted = try? loader.overview(acceptsAnyOwner: true)?.document {
                let rest = old.withoutKeys(removedBy: untrusted, at: now)
                use(rest, ifItMayReplace: old, revocations: untrusted.revocations, at: now)
            }
            throw error
        }
        guard let reading else { throw .documentRemoved(files.path(of: KeyringDocument.fileName)) }
        guard let fault = reading.fault else { return state.withLock { $0 = reading.snapshot } }
        let new = reading.snapshot.completed(from: old)
        use(new, ifItMayReplace: old, revocations: new.document.revocations, at: now)
        throw fault
    }

    private func use(
        _ new: KeyringSnapshot, ifItMayReplace old: KeyringSnapshot, revocations: [KeyRevocation], at now: Timestamp
    ) {
        if new.mayReplace(old, revocations: revocations, at: now) { state.withLock { $0 = new } }
    }

    // MARK: - Changing

    /// Generates a signing key in advance, for the next change that needs a new key. Does nothing if such a key is
    /// waiting. Blocks the thread for tenths of a second.
    ///
    /// Call this before the change starts. The time for which a new key is published before it signs counts from the
    /// start of the change, so the generation must not be a part of it.
    package func prepareKey() throws(KeyringError) { try generator.prepare(for: snapshot.document) }

    /// Changes the keyring: takes the directory's lock, reads the current version, computes the next version and writes
    /// it. Blocks the thread.
    /// - Parameters:
    ///   - waiting: what to do if another process holds the lock: `true` waits, `false` returns `nil`.
    ///   - isCommand: `true` if an operator makes the change. Only then may `keyring.json` get an earlier time of its
    ///     last change than it has.
    ///   - revoking: the ID of the key that the change revokes; `nil` for other changes. A revocation succeeds even if
    ///     key files are unreadable.
    ///   - body: computes the change in the draft (the next version of the keyring). If `body` leaves the draft
    ///     unchanged, nothing is written.
    /// - Returns: the changes; `nil` if another process holds the lock.
    func change(
        waiting: Bool, isCommand: Bool, revoking: String? = nil, at now: Timestamp,
        _ body: (inout KeyringDraft, KeyringReading) throws(KeyringError) -> Void
    ) throws(KeyringError) -> [KeyChange]? {
        try changing.withLock { _ throws(KeyringError) in
            let work = { () throws(KeyringError) -> [KeyChange] in
                let reading = try self.read(revoking: revoking, at: now)
                var draft = KeyringDraft(of: reading.snapshot.document, at: now)
                try body(&draft, reading)
                let new = try self.write(&draft, isCommand: isCommand, replacing: reading.snapshot)
                self.state.withLock { $0 = new }
                return draft.changes
            }
            return waiting ? try files.withLock(work) : try files.withLockIfFree(work)
        }
    }

    private func read(revoking: String?, at now: Timestamp) throws(KeyringError) -> KeyringReading {
        try files.check()
        let loader = KeyringLoader(files: files, passphrase: passphrase, known: snapshot, ignoredKeyID: revoking)
        guard let reading = try loader.read(at: now) else {
            throw .documentRemoved(files.path(of: KeyringDocument.fileName))
        }
        if revoking == nil, let fault = reading.fault { throw fault }
        return reading
    }

    private func write(
        _ draft: inout KeyringDraft, isCommand: Bool, replacing current: KeyringSnapshot
    ) throws(KeyringError) -> KeyringSnapshot {
        guard draft.isChanged else { return current }
        draft.finish(isCommand: isCommand)
        let new = try KeyringWriter(files: files, passphrase: passphrase).write(draft, replacing: current)
        generator.forget(ifKnownTo: new.document)
        return new
    }
}

/// A failed attempt to read the keyring. Signet waits before the next attempt, because an attempt may decrypt many key
/// files and keep a processor busy.
private struct FailedReading {
    /// After an attempt to read the keyring has failed, the next attempt waits for this time, unless `keyring.json` was
    /// replaced.
    private static let pause = Duration.seconds(30)

    /// Identifies the `keyring.json` that the failed attempt to read the keyring found; `nil` if there was no such
    /// file.
    let fingerprint: FileFingerprint?
    /// Whether the failed attempt to read the keyring also read key files that were already loaded.
    let rereads: Bool
    let error: KeyringError
    let time: Timestamp

    /// Whether it is too early at `now` to read the keyring again after a failed attempt: `keyring.json` is unchanged,
    /// and the failure is less than ``pause`` ago.
    func isRecent(for fingerprint: FileFingerprint?, at now: Timestamp) -> Bool {
        fingerprint == self.fingerprint && time <= now && now < time + Self.pause
    }
}
