import JOSE
package import RSAVerification

/// The public keys as verifiers fetch them: a JWK set (RFC 7517 §5), ready to send.
package struct PublishedKeys: Sendable, Equatable {
    /// The media type of ``body``.
    package static let mediaType = "application/jwk-set+json"

    /// The document, byte for byte.
    package let body: [UInt8]
    /// Strong entity tag of ``body``, quotes included (RFC 9110 §8.8.3).
    package let entityTag: String
    /// Seconds for which a verifier may use the document without asking again.
    package let maxAge: Int

    /// The same keys, to check tokens of this issuer with.
    package let keys: [(keyID: String, publicKey: RSAPublicKey)]

    package static func == (left: PublishedKeys, right: PublishedKeys) -> Bool {
        left.body == right.body && left.maxAge == right.maxAge
    }

    var keyIDs: [String] { keys.map(\.keyID) }

    init(jwks: [RSAJWK], keys: [(keyID: String, publicKey: RSAPublicKey)], maxAge: Int) {
        body = JSONValue.object(JWKSet(keys: jwks).json).serialized()
        self.keys = keys
        entityTag = "\"\(Base64URL.encode(SHA256.digest(body).prefix(16)))\""
        self.maxAge = maxAge
    }
}
