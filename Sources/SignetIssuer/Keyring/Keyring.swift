import JOSE
import RSASigning
import RSAVerification
package import SignetStore
import SignetVerifier
import Synchronization

/// The issuer's signing keys and server secrets, as they lie in one directory.
///
/// Which key signs and which are published follows from `keyring.json` and the time, so any number of processes that
/// share the directory agree without talking.
package final class Keyring: Sendable {
    /// Seconds for which a verifier may use the published keys without asking again.
    package static let publicationMaxAge = 300

    package let refreshSecrets: RefreshSecrets
    private let document: KeyringDocument
    private let publicKeys: [String: RSAPublicKey]
    private let signingKeys: [String: SigningKey]
    private let current = Mutex<KeyPublication?>(nil)

    /// - Parameters:
    ///   - publicKeys: by kid, one for every key of the document.
    ///   - privateKeys: by kid, one for every key that has not retired.
    init(
        document: KeyringDocument, publicKeys: [String: RSAPublicKey], privateKeys: [String: RSAPrivateKey],
        refreshSecrets: RefreshSecrets
    ) {
        self.document = document
        self.publicKeys = publicKeys
        self.refreshSecrets = refreshSecrets
        signingKeys = Dictionary(
            uniqueKeysWithValues: privateKeys.map { ($0.key, SigningKey(kid: $0.key, key: $0.value)) })
    }

    /// The keys for verifiers at `now`; rendered again only when their number changes.
    package func publishedKeys(at now: Timestamp) -> PublishedKeys { publication(at: now).published }

    /// All keys, gone ones included, in the order of `keyring.json`.
    package func listing(at now: Timestamp) -> [KeyListing] {
        let signing = document.signingKey(at: now)?.kid
        return document.keys.map { key in
            KeyListing(
                kid: key.kid, state: key.state(at: now), isSigning: key.kid == signing,
                bits: publicKeys[key.kid]?.bitCount ?? 0,
                createdAt: key.createdAt, activatesAt: key.activatesAt, retiresAt: key.retiresAt,
                removedAt: key.removedAt)
        }
    }

    /// The key for new tokens.
    /// - Throws: `internal` when no key may sign at `now`.
    func signingKey(at now: Timestamp) throws(IssuerError) -> SigningKey {
        guard let record = document.signingKey(at: now), let key = signingKeys[record.kid] else {
            throw IssuerError(.internal, "no key of the keyring may sign now")
        }
        return key
    }

    /// The published keys, prepared to check our own tokens with.
    func verificationKeys(at now: Timestamp) -> KeySet { publication(at: now).verification }

    private func publication(at now: Timestamp) -> KeyPublication {
        current.withLock { current in
            if let current, current.span.contains(now) { return current }
            let publication = KeyPublication(of: document, publicKeys: publicKeys, at: now)
            current = publication
            return publication
        }
    }
}
