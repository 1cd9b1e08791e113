import RSASigning
import RSAVerification
import SignetStore
import SignetVerifier
import Synchronization

/// One version of a keyring, read completely. Never changes, so that whoever signs needs no lock of it.
final class KeyringSnapshot: Sendable {
    let overview: KeyringOverview
    /// The version of `keyring.json` that it was read from; `nil` when that is not known.
    let stamp: FileStamp?
    /// By kid, every key that may have to sign; fewer where a change could not be read.
    let signingKeys: [String: SigningKey]
    /// By id, every secret behind refresh tokens; fewer where a change could not be read.
    let secrets: [UInt8: [UInt8]]
    private let current = Mutex<KeyPublication?>(nil)

    var document: KeyringDocument { overview.document }

    /// - Parameters:
    ///   - publicKeys: by kid, one for every key of the document.
    ///   - privateKeys: by kid, one for every key that has not retired.
    init(
        document: KeyringDocument, publicKeys: [String: RSAPublicKey], privateKeys: [String: RSAPrivateKey],
        secrets: [UInt8: [UInt8]], stamp: FileStamp? = nil
    ) {
        overview = KeyringOverview(document: document, publicKeys: publicKeys)
        signingKeys = Dictionary(
            uniqueKeysWithValues: privateKeys.map { ($0.key, SigningKey(kid: $0.key, key: $0.value)) })
        self.secrets = secrets
        self.stamp = stamp
    }

    /// What holds at `now`; worked out again only when a key changes its state.
    func publication(at now: Timestamp) -> KeyPublication {
        current.withLock { current in
            if let current, current.span.contains(now) { return current }
            let publication = KeyPublication(of: self, at: now, after: current)
            current = publication
            return publication
        }
    }

    /// The secrets behind refresh tokens as they are to be used at `now`.
    func refreshSecrets(at now: Timestamp) -> RefreshSecrets {
        let records = document.refreshSecrets
        let missing = Set(records.map(\.id)).subtracting(secrets.keys)
        var id = document.currentSecret(at: now)?.id ?? 0
        if missing.contains(id), let held = records.last(where: { secrets[$0.id] != nil }) { id = held.id }
        return RefreshSecrets(currentID: id, secrets: secrets, missing: missing)
    }

    /// The key for new tokens: the one that signs or, when that one could not be read, the latest of the others that
    /// still may. `nil` when there is none.
    func signingKey(at now: Timestamp) -> SigningKey? {
        guard let first = document.signingKey(at: now) else { return nil }
        if let key = signingKeys[first.kid] { return key }
        return document.keys.filter { $0.maySign(at: now) && signingKeys[$0.kid] != nil }
            .max(by: KeyringDocument.signsBefore).flatMap { signingKeys[$0.kid] }
    }

    /// What is left of this where `overview` is the new version and its secret files cannot be read: what verifiers are
    /// told is the new version's, and of the keys and secrets, those stay that it still names.
    func reduced(to overview: KeyringOverview) -> KeyringSnapshot {
        let named = Set(overview.document.keys.filter(\.hasPrivateHalf).map(\.kid))
        let same = overview.document.refreshSecrets.filter { record in
            document.refreshSecrets.contains { $0.id == record.id && $0.fingerprint == record.fingerprint }
        }
        let ids = Set(same.map(\.id))
        return KeyringSnapshot(
            document: overview.document, publicKeys: overview.publicKeys,
            privateKeys: signingKeys.filter { named.contains($0.key) }.mapValues(\.key),
            secrets: secrets.filter { ids.contains($0.key) })
    }
}
