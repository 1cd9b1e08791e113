import LocalFiles
import RSASigning
import RSAVerification
import SignetStore
import Synchronization

/// One version of a keyring, read completely. Never changes, so that whoever signs needs no lock of it.
final class KeyringSnapshot: Sendable {
    let overview: KeyringOverview
    /// The version of `keyring.json` that it was read from; `nil` when that is not known.
    let stamp: FileFingerprint?
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
        secrets: [UInt8: [UInt8]], stamp: FileFingerprint? = nil
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

    /// The secret that a record is of, when it is known here.
    func secret(of record: RefreshSecretRecord) -> [UInt8]? {
        let isKnown = document.refreshSecrets.contains { $0.id == record.id && $0.fingerprint == record.fingerprint }
        return isKnown ? secrets[record.id] : nil
    }

    /// This version, of which not everything could be read, with the keys and secrets that `old` has of it.
    func completed(from old: KeyringSnapshot) -> KeyringSnapshot {
        var privateKeys = signingKeys.mapValues(\.key)
        for key in document.keys where key.hasPrivateHalf && privateKeys[key.kid] == nil {
            privateKeys[key.kid] = old.signingKeys[key.kid]?.key
        }
        var secrets = secrets
        for record in document.refreshSecrets where secrets[record.id] == nil {
            secrets[record.id] = old.secret(of: record)
        }
        return KeyringSnapshot(
            document: document, publicKeys: overview.publicKeys, privateKeys: privateKeys, secrets: secrets)
    }

    /// What is left of this where the version that is there was written by somebody who has no business with it: what
    /// that takes away is gone, and nothing that it adds is believed.
    func reduced(by foreign: KeyringDocument, at now: Timestamp) -> KeyringSnapshot {
        var document = document
        for kid in document.keys.map(\.kid) where foreign.isWithout(kid) {
            document.revoke(kid, at: Timestamp(seconds: now.seconds))
        }
        let left = document.keys.map(\.kid)
        return KeyringSnapshot(
            document: document, publicKeys: overview.publicKeys.filter { left.contains($0.key) },
            privateKeys: signingKeys.filter { left.contains($0.key) }.mapValues(\.key), secrets: secrets)
    }

    /// Whether this version, of which not everything could be read, may take the place of `old`.
    ///
    /// Not when it would leave a service that can sign without a key, and for no reason that is known: the key that signs
    /// was not revoked, and the document knows nothing of it. Then it is the keyring of somebody else, or its files are
    /// still on their way.
    func mayReplace(_ old: KeyringSnapshot, revocations: [KeyRevocation], at now: Timestamp) -> Bool {
        guard signingKey(at: now) == nil, let signing = old.signingKey(at: now) else { return true }
        return document.keys.contains { $0.kid == signing.kid } || revocations.contains { $0.kid == signing.kid }
    }
}
