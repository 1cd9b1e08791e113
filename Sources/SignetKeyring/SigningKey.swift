package import JOSE
import RSASigning
package import RSAVerification

/// A key pair that signs tokens, with the header that access tokens carry.
package struct SigningKey: Sendable {
    package let kid: String
    let key: RSAPrivateKey
    private let accessTokenHeader: [UInt8]

    init(kid: String, key: RSAPrivateKey) {
        self.kid = kid
        self.key = key
        accessTokenHeader = Self.header(type: "at+jwt", kid: kid)
    }

    /// The compact JWS over `claims` (RFC 7515 §3.1), signed RS256.
    /// - Parameter type: the `typ` of the header, for what is no access token.
    /// - Throws: `RSAKeyError` if OpenSSL cannot sign, for example because it is out of memory.
    package func token(with claims: JSONObject, type: String? = nil) throws(RSAKeyError) -> String {
        let header = type.map { Self.header(type: $0, kid: kid) } ?? accessTokenHeader
        let input = CompactJWS.signingInput(encodedHeader: header, payload: claims.serialized())
        return CompactJWS.assemble(signingInput: input, signature: try key.sign(input))
    }

    private static func header(type: String, kid: String) -> [UInt8] {
        let header: JSONObject = ["alg": "RS256", "typ": .string(type), "kid": .string(kid)]
        return Base64URL.encodedBytes(header.serialized())
    }
}
