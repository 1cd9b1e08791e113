import JOSE
import RSASigning
import RSAVerification
import SharedState
public import SignetVerifier

extension TestIssuer {
    /// Mints an access token (RFC 9068).
    ///
    /// - Parameters:
    ///   - subject: `sub`.
    ///   - scopes: `scope`; if empty, the token has no `scope`.
    ///   - roles: `roles`; if empty, the token has no `roles`.
    ///   - clientID: `client_id`.
    ///   - sessionID: `sid`; `nil` for a token without `sid`.
    ///   - lifetime: The time from now to `exp`, in whole seconds. A negative lifetime gives an expired token.
    ///   - type: `typ` of the header; `nil` for a token without `typ`.
    ///   - statusIndex: The token's entry in the status list, 0 to 65535; `nil` for a token without `status`.
    ///   - claims: Additional claims. They replace claims of the same name that other parameters set.
    ///   - fault: The fault to build into the token; `nil` for a good token.
    public func token(
        subject: String = "user-1", scopes: Set<String> = [], roles: [String] = [], clientID: String = "test-client",
        sessionID: String? = "test-session", lifetime: Duration = .seconds(900), type: String? = "at+jwt",
        statusIndex: Int? = nil,
        claims: JSONObject = [:], fault: TokenFault? = nil
    ) throws -> String {
        let now = now().seconds
        var payload: JSONObject = [
            "iss": .string(issuer), "sub": .string(subject), "aud": .string(audience),
            "exp": .integer(now + lifetime.components.seconds), "iat": .integer(now),
            "jti": .string(Self.randomID()), "client_id": .string(clientID),
        ]
        payload["sid"] = sessionID.map { .string($0) }
        if !scopes.isEmpty { payload["scope"] = .string(scopes.sorted().joined(separator: " ")) }
        if !roles.isEmpty { payload["roles"] = .array(roles.map { .string($0) }) }
        if let statusIndex {
            payload["status"] = .object([
                "status_list": .object(["idx": .integer(Int64(statusIndex)), "uri": .string(statusListURL)])
            ])
        }
        for member in claims.members { payload[member.name] = member.value }
        var header: JSONObject = ["alg": "RS256"]
        header["typ"] = type.map { .string($0) }
        header["kid"] = .string(keyID)
        guard let fault else { return try sign(header: header, payload: payload.serialized()) }
        return try token(header: header, payload: payload, fault: fault, now: now)
    }

    /// Signs any header and payload with the current signing key.
    ///
    /// - Returns: the compact JWS (RFC 7515 section 7.1).
    /// - Throws: an error if OpenSSL cannot sign.
    public func sign(header: JSONObject, payload: [UInt8]) throws -> String {
        let key = state.withLock { $0.keys.last }
        guard let key else { throw Unreachable() }
        return try Self.sign(header: header, payload: payload, with: key.key)
    }

    static func sign(header: JSONObject, payload: [UInt8], with key: RSAPrivateKey) throws -> String {
        let input = CompactJWS.signingInput(header: header, payload: payload)
        return CompactJWS.assemble(signingInput: input, signature: try key.sign(input))
    }

    /// Makes a random `jti`: 96 bits in base64url.
    private static func randomID() -> String {
        var generator = SystemRandomNumberGenerator()
        return Base64URL.encode((0..<12).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }
}

extension TestIssuer {
    /// Mints a token whose only fault is `fault`.
    func token(header: JSONObject, payload: JSONObject, fault: TokenFault, now: Int64) throws -> String {
        var header = header
        var payload = payload
        switch fault {
        case .expired: payload["exp"] = .integer(now - 3600)
        case .notYetValid: payload["nbf"] = .integer(now + 3600)
        case .issuedInFuture: payload["iat"] = .integer(now + 3600)
        case .wrongIssuer: payload["iss"] = "https://somebody-else.test"
        case .wrongAudience: payload["aud"] = "https://another-service.test"
        case .wrongType: header["typ"] = "JWT"
        case .missingClaim(let claim): payload[claim] = nil
        case .nullClaim(let claim): payload[claim] = .null
        case .criticalExtension: header["crit"] = ["exp"]
        case .oversized: payload["padding"] = .string(String(repeating: "x", count: 16_384))
        case .unknownKey: header["kid"] = "somebody-elses-key"
        case .badSignature, .tamperedClaims, .foreignKey, .algorithmNone, .algorithmConfusion, .duplicateClaim,
            .truncated:
            return try forged(header: header, payload: payload, fault: fault)
        }
        return try fault == .unknownKey
            ? Self.sign(header: header, payload: payload.serialized(), with: Self.foreignKey())
            : sign(header: header, payload: payload.serialized())
    }

    private func forged(header: JSONObject, payload: JSONObject, fault: TokenFault) throws -> String {
        var header = header
        let serialized = payload.serialized()
        let good = try sign(header: header, payload: serialized)
        let parts = good.split(separator: ".").map(String.init)
        switch fault {
        case .badSignature:
            var signature = Base64URL.decode(parts[2].utf8) ?? []
            signature[signature.count / 2] ^= 1
            return CompactJWS.assemble(signingInput: Array("\(parts[0]).\(parts[1])".utf8), signature: signature)
        case .tamperedClaims:
            var tampered = payload
            tampered["sub"] = "somebody-else"
            return "\(parts[0]).\(Base64URL.encode(tampered.serialized())).\(parts[2])"
        case .foreignKey:
            return try Self.sign(header: header, payload: serialized, with: Self.foreignKey())
        case .algorithmNone:
            header["alg"] = "none"
            let input = CompactJWS.signingInput(header: header, payload: serialized)
            return CompactJWS.assemble(signingInput: input, signature: [0])
        case .algorithmConfusion:
            header["alg"] = "HS256"
            let input = CompactJWS.signingInput(header: header, payload: serialized)
            return CompactJWS.assemble(signingInput: input, signature: Self.hmac(input, key: jwks))
        case .duplicateClaim:
            let doubled = serialized.dropLast() + Array(#","sub":"somebody-else"}"#.utf8)
            return try sign(header: header, payload: Array(doubled))
        default:
            return "\(parts[0]).\(parts[1])"
        }
    }

    /// A key that belongs to no issuer. Each process generates it once.
    private static func foreignKey() throws -> RSAPrivateKey { try foreign.get() }

    private static let foreign = Result { try RSAPrivateKey.generate() }

    /// HMAC-SHA-256 (RFC 2104).
    private static func hmac(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        let key = key.count > 64 ? SHA256.digest(key) : key
        let padded = key + Array(repeating: 0, count: 64 - key.count)
        return SHA256.digest(padded.map { $0 ^ 0x5C } + SHA256.digest(padded.map { $0 ^ 0x36 } + message))
    }
}
