import JOSE
package import RSAVerification
import SignetStore

/// The public keys as verifiers fetch them: a JWK set (RFC 7517 §5), ready to send.
package struct PublishedKeys: Sendable, Equatable {
    /// The media type of ``body``.
    package static let mediaType = "application/jwk-set+json"

    /// The JWK set as JSON text.
    package let body: [UInt8]
    /// The strong entity tag of ``body``, with quotes (RFC 9110 §8.8.3).
    package let entityTag: String
    /// The time in seconds for which a verifier may cache the keys.
    package let maxAge: Int
    /// The public keys in ``body``, decoded. The issuer verifies its own tokens with them.
    package let keys: [(keyID: String, publicKey: RSAPublicKey)]

    init(jwks: [RSAJWK], keys: [(keyID: String, publicKey: RSAPublicKey)], maxAge: Int) {
        body = JSONValue.object(JWKSet(keys: jwks).json).serialized()
        self.keys = keys
        entityTag = "\"\(Base64URL.encode(SHA256.digest(body).prefix(16)))\""
        self.maxAge = maxAge
    }

    package static func == (left: PublishedKeys, right: PublishedKeys) -> Bool {
        left.body == right.body && left.maxAge == right.maxAge
    }

    /// The IDs of the keys, in the order of ``body``.
    var keyIDs: [String] { keys.map(\.keyID) }
}

/// The signing key, the published keys and the HMAC keys during ``span``.
final class KeyPublication: Sendable {
    /// The time span in which no key changes its state.
    let span: Range<Timestamp>
    let signing: SigningKey?
    let published: PublishedKeys
    let refreshSecrets: RefreshSecrets

    /// Selects the keys of `snapshot`, a version of the keyring, that sign or are published at `now`.
    /// - Parameter last: an earlier result for the same snapshot. If its published keys are the same, their JSON is
    ///   reused.
    init(of snapshot: KeyringSnapshot, at now: Timestamp, after last: KeyPublication? = nil) {
        let document = snapshot.document
        span = document.span(at: now)
        signing = snapshot.signingKey(at: now)
        refreshSecrets = snapshot.refreshSecrets(at: now)
        let records = document.publishedKeys(at: now)
        if let last, last.published.keyIDs == records.map(\.keyID) {
            published = last.published
            return
        }
        published = PublishedKeys(
            jwks: records.map(\.jwk),
            keys: records.compactMap { record in
                snapshot.overview.publicKeys[record.keyID].map { (keyID: record.keyID, publicKey: $0) }
            },
            maxAge: Int(document.publicationMaxAge.components.seconds))
    }
}
