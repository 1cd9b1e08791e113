import JOSE
import RSASigning

/// A key pair that signs tokens, with the header that access tokens carry.
struct SigningKey: Sendable {
    let kid: String
    let key: RSAPrivateKey
    private let accessTokenHeader: [UInt8]

    init(kid: String, key: RSAPrivateKey) {
        self.kid = kid
        self.key = key
        accessTokenHeader = Self.header(type: "at+jwt", kid: kid)
    }

    /// The compact JWS over `claims` (RFC 7515 §3.1), signed RS256.
    /// - Parameter type: the `typ` of the header, for what is no access token.
    /// - Throws: `internal` when the signature cannot be made.
    func token(with claims: JSONObject, type: String? = nil) throws(IssuerError) -> String {
        let header = type.map { Self.header(type: $0, kid: kid) } ?? accessTokenHeader
        let input = CompactJWS.signingInput(encodedHeader: header, payload: claims.serialized())
        do {
            return CompactJWS.assemble(signingInput: input, signature: try key.sign(input))
        } catch {
            throw IssuerError(.internal, "key \(kid) cannot sign: \(error)")
        }
    }

    private static func header(type: String, kid: String) -> [UInt8] {
        let header: JSONObject = ["alg": "RS256", "typ": .string(type), "kid": .string(kid)]
        return Base64URL.encodedBytes(header.serialized())
    }
}
