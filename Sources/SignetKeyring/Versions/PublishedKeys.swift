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
    /// The time in seconds for which a verifier may use the keys without fetching them again.
    package let maxAge: Int
    /// The same public keys in decoded form. The issuer checks its own tokens with them.
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

/// The keys in use and the published keys, for a time span in which no key changes its state.
final class KeyPublication: Sendable {
    /// The time span in which no key changes its state.
    let span: Range<Timestamp>
    let signing: SigningKey?
    let published: PublishedKeys
    let refreshSecrets: RefreshSecrets

    /// Computes which keys of `snapshot`, a version of the keyring, are used and published at `now`.
    /// - Parameter last: an earlier result; `nil` if there is none. If it has the same published keys, their JSON is
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
