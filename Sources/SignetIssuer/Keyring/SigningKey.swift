import JOSE
import RSASigning

/// A key pair that signs tokens, with the header that they all carry.
struct SigningKey: Sendable {
    let kid: String
    private let key: RSAPrivateKey
    private let header: JSONObject

    init(kid: String, key: RSAPrivateKey) {
        self.kid = kid
        self.key = key
        header = ["alg": "RS256", "typ": "at+jwt", "kid": .string(kid)]
    }

    /// The compact JWS over `claims` (RFC 7515 §3.1), signed RS256.
    /// - Parameter type: the `typ` of the header, for what is no access token.
    /// - Throws: `internal` when the signature cannot be made.
    func token(with claims: JSONObject, type: String? = nil) throws(IssuerError) -> String {
        var header = header
        if let type { header["typ"] = .string(type) }
        let input = CompactJWS.signingInput(header: header, payload: claims)
        do {
            return CompactJWS.assemble(signingInput: input, signature: try key.sign(input))
        } catch {
            throw IssuerError(.internal, "key \(kid) cannot sign: \(error)")
        }
    }
}
