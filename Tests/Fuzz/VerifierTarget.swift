import JOSE
import RSASigning
import RSAVerification
import SignetVerifier

/// A verifier with one key, and three checks of it. The first byte of a fuzz input selects the check. With `E`, the
/// rest of the input edits a good token. With `S`, the rest is signed. With any other byte, the rest is used as a
/// token.
private struct Reference {
    static let shared = Reference()

    let issuer = "https://issuer.example"
    let audience = "https://api.example"
    let now: Int64 = 1_700_000_000
    let leeway: Int64 = 30
    let key: RSAPrivateKey
    let keys: KeySet
    let verifier: Verifier
    /// A router that chooses between ``verifier`` and a verifier for another issuer.
    let router: IssuerRouter
    /// A token that the verifier must accept.
    let token: [UInt8]

    init() {
        do {
            key = try RSAPrivateKey.generate()
            keys = KeySet([(keyID: "k1", publicKey: key.publicKey)])
            let policy = try VerificationPolicy(
                issuer: issuer, audiences: [audience, "other"], leeway: .seconds(leeway))
            verifier = Verifier(policy: policy, keys: StaticKeySource(keys), signatureCacheCapacity: 64)
            let other = Verifier(
                policy: try VerificationPolicy(issuer: "https://other.example", audiences: [audience]),
                keys: StaticKeySource(.empty))
            router = try IssuerRouter([other, verifier])
            let claims: JSONObject = [
                "iss": .string(issuer), "aud": .string(audience), "sub": "s", "jti": "j", "iat": .integer(now),
                "exp": .integer(now + 300),
            ]
            let header: JSONObject = ["alg": "RS256", "typ": "at+jwt", "kid": "k1"]
            let input = CompactJWS.signingInput(header: header, payload: claims)
            token = Array(CompactJWS.assemble(signingInput: input, signature: try key.sign(input)).utf8)
        } catch {
            fatalError("no reference: \(error)")
        }
        require(accepts(token) != nil, "the good token is accepted")
    }

    /// Verifies a token twice and requires equal results. The second result may come from the signature cache.
    func accepts(_ token: [UInt8]) -> VerifiedToken? {
        let text = String(decoding: token, as: UTF8.self)
        let time = NumericDate(secondsSinceEpoch: Double(now))
        let first = try? verifier.verify(text, with: keys, at: time)
        let second = try? verifier.verify(text, with: keys, at: time)
        require(first?.payload == second?.payload, "the second answer is the first one")
        let chosen = try? router.verifier(for: text)
        require(first == nil || chosen?.policy.issuer == issuer, "the router chooses the issuer of a good token")
        let peek = try? UnverifiedToken(peekingAt: text)
        require(first == nil || peek?.unverifiedClaims == first?.claims, "a peek shows the claims of a good token")
        // The parsers of `IssuerRouter` and `UnverifiedToken` both refuse duplicate members. So the token has one
        // `iss`, and both must have read the same value.
        if let chosen, let peek {
            require(peek.unverifiedClaims["iss"]?.string == chosen.policy.issuer, "peek and router agree")
        }
        return first
    }

    /// Requires that the verifier refuses `token`, unless it is the good token. Only the good token has a valid
    /// signature.
    func checkForeign(_ token: [UInt8]) {
        require(token == self.token || accepts(token) == nil, "a token that the key did not sign is refused")
    }

    /// Edits the good token and requires that the verifier refuses the result. Every four bytes of `edits` are one
    /// edit: an operation (one byte), a position (two bytes), and an operand (one byte).
    func checkEdited(_ edits: [UInt8]) {
        var edited = token
        for start in stride(from: 0, to: edits.count - 3, by: 4) where !edited.isEmpty {
            let position = (Int(edits[start + 1]) << 8 | Int(edits[start + 2])) % edited.count
            switch edits[start] % 4 {
            case 0: edited[position] = edits[start + 3]
            case 1: edited.insert(edits[start + 3], at: position)
            case 2: edited.remove(at: position)
            default: edited[position] ^= 1 << (edits[start + 3] % 8)
            }
        }
        checkForeign(edited)
    }

    /// Splits the input at the first line feed into a header and a payload, and signs them as a token. If the verifier
    /// accepts the token, its header and claims must meet the policy.
    func checkSigned(_ parts: [UInt8]) {
        let split = parts.firstIndex(of: UInt8(ascii: "\n")) ?? parts.endIndex
        let header = Array(parts[..<split])
        let payload = Array(parts[split...].dropFirst())
        let input = Array("\(Base64URL.encode(header)).\(Base64URL.encode(payload))".utf8)
        guard input.count < 8192, let signature = try? key.sign(input),
            let accepted = accepts(Array(CompactJWS.assemble(signingInput: input, signature: signature).utf8))
        else { return }

        guard let header = try? JSONObject(parsing: header), let claims = try? JSONObject(parsing: payload) else {
            fatalError("broken: header and payload are strict JSON objects")
        }
        require(accepted.payload == payload, "the payload is the one that was signed")
        require(header["alg"] == "RS256" && header["crit"] == nil && header["b64"] == nil, "the header is plain RS256")
        require(header["kid"] == nil || header["kid"] == "k1", "the key is the one that was named")
        require(header["typ"]?.string.map { MediaType.areEqual($0, "at+jwt") } == true, "the type is the policy's")
        require(claims["iss"] == .string(issuer), "the issuer is the policy's")
        let audiences = claims["aud"]?.array ?? claims["aud"].map { [$0] } ?? []
        require(audiences.contains { $0 == .string(audience) || $0 == "other" }, "the audience is the policy's")
        require(claims["sub"]?.string != nil && claims["jti"]?.string != nil, "required claims are present")
        require((claims["exp"]?.number).map { $0 > Double(now - leeway) } == true, "the token has not expired")
        require((claims["iat"]?.number).map { $0 <= Double(now + leeway) } == true, "the token is not from the future")
        require((claims["nbf"]?.number ?? 0) <= Double(now + leeway), "the token is valid already")
        _ = accepted.claims
        _ = accepted.scopes
        _ = accepted.roles
    }
}

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzVerifier(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let input = unsafe fuzzInput(start, count)
    let rest = Array(input.dropFirst())
    switch input.first {
    case UInt8(ascii: "E"): Reference.shared.checkEdited(rest)
    case UInt8(ascii: "S"): Reference.shared.checkSigned(rest)
    default: Reference.shared.checkForeign(rest)
    }
    return 0
}
