import JOSE
import RSASigning

/// A key pair that signs tokens, with the header that they all carry.
struct SigningKey: Sendable {
    let kid: String
    let key: RSAPrivateKey
    private let encodedHeader: [UInt8]

    init(kid: String, key: RSAPrivateKey) {
        self.kid = kid
        self.key = key
        let header: JSONObject = ["alg": "RS256", "typ": "at+jwt", "kid": .string(kid)]
        encodedHeader = Base64URL.encodedBytes(header.serialized())
    }

    /// The compact JWS over `claims` (RFC 7515 §3.1), signed RS256.
    /// - Throws: `internal` when the signature cannot be made.
    func token(with claims: JSONObject) throws(IssuerError) -> String {
        let input = CompactJWS.signingInput(encodedHeader: encodedHeader, payload: claims.serialized())
        do {
            return CompactJWS.assemble(signingInput: input, signature: try key.sign(input))
        } catch {
            throw IssuerError(.internal, "key \(kid) cannot sign: \(error)")
        }
    }
}
