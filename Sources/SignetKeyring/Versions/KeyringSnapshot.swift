import LocalFiles
import RSASigning
import RSAVerification
import SignetStore
import Synchronization

// Code in this folder loads and publishes one version of a keyring in memory, and drafts and writes the next version.
// It must not decide which version is in use, and must not take the lock of the keyring directory.

/// One version of a keyring with its keys. A snapshot never changes, so signing needs no lock.
final class KeyringSnapshot: Sendable {
    let overview: KeyringOverview
    /// Identifies the `keyring.json` that this version was read from; `nil` if some key files could not be read, so
    /// that the next check reads them again.
    let fingerprint: FileFingerprint?
    /// The keys that sign or will sign, by key ID, except those whose files could not be read.
    let signingKeys: [String: SigningKey]
    /// The refresh token HMAC keys, by id, except those whose files could not be read.
    let secrets: [UInt8: [UInt8]]
    private let current = Mutex<KeyPublication?>(nil)

    var document: KeyringDocument { overview.document }
    var privateKeys: [String: RSAPrivateKey] { signingKeys.mapValues(\.key) }

    init(
        _ overview: KeyringOverview, privateKeys: [String: RSAPrivateKey], secrets: [UInt8: [UInt8]],
        fingerprint: FileFingerprint? = nil
    ) {
        self.overview = overview
        signingKeys = Dictionary(
            uniqueKeysWithValues: privateKeys.map { ($0.key, SigningKey(keyID: $0.key, key: $0.value)) })
        self.secrets = secrets
        self.fingerprint = fingerprint
    }

    /// The signing key, the published keys and the HMAC keys at `now`. The result is reused until a key changes its
    /// state.
    func publication(at now: Timestamp) -> KeyPublication {
        current.withLock { current in
            if let current, current.span.contains(now) { return current }
            let publication = KeyPublication(of: self, at: now, after: current)
            current = publication
            return publication
        }
    }

    /// The refresh token HMAC keys at `now`. If the HMAC key that should make new refresh tokens could not be read, the
    /// newest readable HMAC key makes them.
    func refreshSecrets(at now: Timestamp) -> RefreshSecrets {
        let records = document.refreshSecrets
        let unreadable = Set(records.map(\.id)).subtracting(secrets.keys)
        var id = document.currentSecret(at: now)?.id ?? 0
        if unreadable.contains(id), let readable = records.last(where: { secrets[$0.id] != nil }) { id = readable.id }
        return RefreshSecrets(currentID: id, secrets: secrets, unreadable: unreadable)
    }

    /// The key that signs new tokens at `now`. If its file could not be read, the result is the readable active key
    /// that was activated last; `nil` if no active key is readable.
    func signingKey(at now: Timestamp) -> SigningKey? {
        guard let first = document.signingKey(at: now) else { return nil }
        if let key = signingKeys[first.keyID] { return key }
        return document.keys.filter { $0.canSign(at: now) && signingKeys[$0.keyID] != nil }
            .max(by: KeyringDocument.signsBefore).flatMap { signingKeys[$0.keyID] }
    }

    /// The HMAC key that `record` describes; `nil` if this version does not have it. The id and the fingerprint must
    /// both match, because ids are used again for later HMAC keys.
    func secret(of record: RefreshSecretRecord) -> [UInt8]? {
        let isKnown = document.refreshSecrets.contains { $0.id == record.id && $0.fingerprint == record.fingerprint }
        return isKnown ? secrets[record.id] : nil
    }
}

// MARK: - Other versions

extension KeyringSnapshot {
    /// The version that results from the changes in `draft`. Writes no files.
    /// - Parameter fingerprint: identifies the written `keyring.json`; `nil` if it is not written yet, or if some key
    ///   files could not be read.
    func applying(_ draft: KeyringDraft, fingerprint: FileFingerprint?) -> KeyringSnapshot {
        let document = draft.document
        let needed = Set(document.keys.filter(\.hasPrivateHalf).map(\.keyID))
        let ids = Set(document.refreshSecrets.map(\.id))
        let publicKeys = overview.publicKeys.merging(draft.newKeys.mapValues(\.publicKey)) { $1 }
        return KeyringSnapshot(
            KeyringOverview(document: document, publicKeys: publicKeys.filter { document.contains($0.key) }),
            privateKeys: privateKeys.merging(draft.newKeys) { $1 }.filter { needed.contains($0.key) },
            secrets: secrets.merging(draft.newSecrets) { $1 }.filter { ids.contains($0.key) },
            fingerprint: fingerprint)
    }

    /// A copy of this version in which keys whose files could not be read are taken from `old`, the version in memory.
    func completed(from old: KeyringSnapshot) -> KeyringSnapshot {
        var privateKeys = privateKeys
        for key in document.keys where key.hasPrivateHalf && privateKeys[key.keyID] == nil {
            privateKeys[key.keyID] = old.signingKeys[key.keyID]?.key
        }
        var secrets = secrets
        for record in document.refreshSecrets where secrets[record.id] == nil {
            secrets[record.id] = old.secret(of: record)
        }
        return KeyringSnapshot(overview, privateKeys: privateKeys, secrets: secrets)
    }

    /// This version without the keys that `untrusted` lacks or revokes. `untrusted` is the content of a `keyring.json`
    /// with an untrusted owner. Such a file may remove keys, but must not add any, because its owner could sign tokens
    /// with an added key.
    func withoutKeys(removedBy untrusted: KeyringDocument, at now: Timestamp) -> KeyringSnapshot {
        var document = document
        for keyID in document.keys.map(\.keyID) where !untrusted.contains(keyID) || untrusted.isRevoked(keyID) {
            document.revoke(keyID, at: Timestamp(seconds: now.seconds))
        }
        return KeyringSnapshot(
            KeyringOverview(
                document: document, publicKeys: overview.publicKeys.filter { document.contains($0.key) }),
            privateKeys: privateKeys.filter { document.contains($0.key) }, secrets: secrets)
    }

    /// Whether this version, of which some key files could not be read, may replace `old`, the version in use.
    ///
    /// `false` if `old` can sign, this version cannot, and `keyring.json` neither contains nor revokes the signing key
    /// of `old`. Such a `keyring.json` belongs to another keyring, or its key files are still being copied.
    func mayReplace(_ old: KeyringSnapshot, revocations: [KeyRevocation], at now: Timestamp) -> Bool {
        guard signingKey(at: now) == nil, let signing = old.signingKey(at: now) else { return true }
        return document.contains(signing.keyID) || revocations.contains { $0.keyID == signing.keyID }
    }
}
