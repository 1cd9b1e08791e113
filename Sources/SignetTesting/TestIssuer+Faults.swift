import JOSE
import RSASigning
import RSAVerification
import SignetVerifier

extension TestIssuer {
    /// A token that is good except for `fault`.
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

    /// A key that no issuer has, found once per process.
    private static func foreignKey() throws -> RSAPrivateKey { try foreign.get() }

    private static let foreign = Result { try RSAPrivateKey.generate() }

    /// HMAC-SHA-256 (RFC 2104).
    private static func hmac(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
        let key = key.count > 64 ? SHA256.digest(key) : key
        let padded = key + Array(repeating: 0, count: 64 - key.count)
        return SHA256.digest(padded.map { $0 ^ 0x5C } + SHA256.digest(padded.map { $0 ^ 0x36 } + message))
    }
}
