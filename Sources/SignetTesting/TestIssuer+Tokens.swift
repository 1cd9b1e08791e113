import JOSE
import RSASigning
import RSAVerification
import SharedState
public import SignetVerifier

extension TestIssuer {
    /// A token of this issuer, as RFC 9068 describes it.
    ///
    /// - Parameters:
    ///   - subject: `sub`.
    ///   - scopes: `scope`; left out of the token when empty.
    ///   - roles: `roles`; left out of the token when empty.
    ///   - clientID: `client_id`.
    ///   - sessionID: `sid`.
    ///   - lifetime: From now to `exp`, in whole seconds; negative for one that is over.
    ///   - statusIndex: The token's entry in the status list, 0 to 65535; `nil` for a token without `status`.
    ///   - claims: Further claims, or other values for the ones above.
    ///   - fault: What is to be wrong with the token.
    public func token(
        subject: String = "user-1", scopes: [String] = [], roles: [String] = [], clientID: String = "test-client",
        sessionID: String = "test-session", lifetime: Duration = .seconds(900), statusIndex: Int? = nil,
        claims: JSONObject = [:], fault: TokenFault? = nil
    ) throws -> String {
        let now = now().seconds
        var payload: JSONObject = [
            "iss": .string(issuer), "sub": .string(subject), "aud": .string(audience),
            "exp": .integer(now + lifetime.components.seconds), "iat": .integer(now),
            "jti": .string(Self.randomID()), "client_id": .string(clientID), "sid": .string(sessionID),
        ]
        if !scopes.isEmpty { payload["scope"] = .string(scopes.joined(separator: " ")) }
        if !roles.isEmpty { payload["roles"] = .array(roles.map { .string($0) }) }
        if let statusIndex {
            payload["status"] = .object([
                "status_list": .object(["idx": .integer(Int64(statusIndex)), "uri": .string(statusListURL)])
            ])
        }
        for member in claims.members { payload[member.name] = member.value }
        let header: JSONObject = ["alg": "RS256", "typ": "at+jwt", "kid": .string(keyID)]
        guard let fault else { return try sign(header: header, payload: payload.serialized()) }
        return try token(header: header, payload: payload, fault: fault, now: now)
    }

    /// A token of any header and any payload, with a good signature of the key that signs now.
    public func sign(header: JSONObject, payload: [UInt8]) throws -> String {
        let key = state.withLock { $0.keys.last }
        guard let key else { throw Unreachable() }
        return try Self.sign(header: header, payload: payload, with: key.key)
    }

    static func sign(header: JSONObject, payload: [UInt8], with key: RSAPrivateKey) throws -> String {
        let input = CompactJWS.signingInput(header: header, payload: payload)
        return CompactJWS.assemble(signingInput: input, signature: try key.sign(input))
    }

    /// 96 random bits, as base64url.
    private static func randomID() -> String {
        var generator = SystemRandomNumberGenerator()
        return Base64URL.encode((0..<12).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}
