import JOSE
import RSAVerification

/// A status list as verifiers fetch it: a signed JWT (draft-ietf-oauth-status-list, section 5.1), ready to send.
package struct PublishedStatusList: Sendable, Hashable {
    /// The media type of ``body``.
    package static let mediaType = "application/statuslist+jwt"

    /// The token, byte for byte.
    package let body: [UInt8]
    /// Strong entity tag of ``body``, quotes included (RFC 9110 §8.8.3).
    package let entityTag: String
    /// Seconds for which a verifier may use the list without asking again.
    package let maxAge: Int

    init(token: String, maxAge: Int) {
        body = Array(token.utf8)
        entityTag = "\"\(Base64URL.encode(SHA256.digest(body).prefix(16)))\""
        self.maxAge = maxAge
    }
}
