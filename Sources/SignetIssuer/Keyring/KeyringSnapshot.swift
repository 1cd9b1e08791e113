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
    /// By kid, every key that may have to sign.
    let signingKeys: [String: SigningKey]
    /// By id, every secret behind refresh tokens.
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
            let publication = KeyPublication(of: self, at: now)
            current = publication
            return publication
        }
    }

    func refreshSecrets(at now: Timestamp) -> RefreshSecrets {
        let id = document.currentSecret(at: now)?.id ?? 0
        return RefreshSecrets(currentID: id, secrets: secrets)
    }
}
