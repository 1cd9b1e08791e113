import JOSE
import SignetTesting
import SignetVerifier
import Testing

@Suite("The claims of a token")
struct ClaimCheckTests {
    private let issuer: TestIssuer

    init() throws { issuer = try Sample.issuer.get() }

    private func policy(
        leeway: Duration = .zero, requiredClaims: Set<String> = ["exp"], requiredScopes: Set<String> = [],
        maximumAge: Duration? = nil, clientIDs: Set<String>? = nil
    ) throws -> VerificationPolicy {
        try VerificationPolicy(
            issuer: issuer.issuer, audiences: [issuer.audience], leeway: leeway, requiredClaims: requiredClaims,
            requiredScopes: requiredScopes, maximumAge: maximumAge, clientIDs: clientIDs)
    }

    /// Each argument has the name of a time claim, its offset from now in seconds, the leeway in seconds, and the
    /// expected error code; `nil` if the token is accepted.
    @Test(
        arguments: [
            ("exp", 0, 0, "expired"), ("exp", 1, 0, nil), ("exp", -29, 30, nil), ("exp", -30, 30, "expired"),
            ("nbf", 0, 0, nil), ("nbf", 1, 0, "notYetValid"), ("nbf", 30, 30, nil), ("nbf", 31, 30, "notYetValid"),
            ("iat", 0, 0, nil), ("iat", 1, 0, "issuedInFuture"), ("iat", 30, 30, nil),
            ("iat", 31, 30, "issuedInFuture"),
        ] as [(String, Int64, Int64, String?)])
    func `are checked against the clock to the second, extended by the leeway`(
        claim: String, offset: Int64, leeway: Int64, code: String?
    ) throws {
        let token = try Sample.token(claims: [claim: .integer(Sample.now.seconds + offset)])
        let found = try Sample.code {
            try Sample.verify(token, policy: policy(leeway: .seconds(leeway)))
        }
        #expect(found?.rawValue == code)
    }

    /// The maximum age is 60 seconds. Each argument has the token's age in seconds, the leeway in seconds, and whether
    /// the token is too old.
    @Test(arguments: [(60, 0, false), (61, 0, true), (90, 30, false), (91, 30, true)] as [(Int64, Int64, Bool)])
    func `must not be older than the maximum age plus the leeway`(age: Int64, leeway: Int64, isTooOld: Bool) throws {
        let token = try Sample.token(claims: ["iat": .integer(Sample.now.seconds - age)])
        let code = try Sample.code {
            try Sample.verify(token, policy: policy(leeway: .seconds(leeway), maximumAge: .seconds(60)))
        }
        #expect(code == (isTooOld ? .tooOld : nil))
    }

    @Test func `must include iat if the policy has a maximum age`() throws {
        let token = try issuer.token(fault: .missingClaim("iat"))
        let code = try Sample.code { try Sample.verify(token, policy: policy(maximumAge: .seconds(60))) }
        #expect(code == .missingClaim)
    }

    @Test func `must include an audience even if the policy accepts any`() throws {
        let policy = try VerificationPolicy(anyIssuerOr: issuer.issuer, audiences: [], acceptsAnyAudience: true)
        for audience in ["elsewhere", ["elsewhere"], ["a", "b"]] as [JSONValue] {
            let token = try Sample.token(claims: ["aud": audience])
            #expect(try Sample.code { try Sample.verify(token, policy: policy) } == nil)
        }
        let empty = try Sample.token(claims: ["aud": []])
        #expect(try Sample.code { try Sample.verify(empty, policy: policy) } == .wrongAudience)
        let without = try issuer.token(fault: .missingClaim("aud"))
        #expect(try Sample.code { try Sample.verify(without, policy: policy) } == .missingClaim)
    }

    @Test func `must name a client that the policy accepts`() throws {
        let policy = try policy(clientIDs: ["test-client", "other"])
        #expect(try Sample.code { try Sample.verify(try Sample.token(), policy: policy) } == nil)
        let foreign = try issuer.token(clientID: "a-stranger")
        #expect(try Sample.code { try Sample.verify(foreign, policy: policy) } == .wrongClient)
        let without = try issuer.token(fault: .missingClaim("client_id"))
        #expect(try Sample.code { try Sample.verify(without, policy: policy) } == .missingClaim)
    }

    @Test func `must include required scopes as whole words`() throws {
        let policy = try policy(requiredScopes: ["orders:read"])
        let good = try Sample.token(scopes: ["profile", "orders:read"])
        #expect(try Sample.code { try Sample.verify(good, policy: policy) } == nil)
        for scopes: Set<String> in [[], ["orders:readonly"], ["orders"], ["ORDERS:READ"]] {
            let token = try Sample.token(scopes: scopes)
            #expect(try Sample.code { try Sample.verify(token, policy: policy) } == .insufficientScope)
        }
    }

    @Test func `must include the scopes that a route requires, and the challenge names them`() throws {
        let token = try Sample.verify(Sample.token(scopes: ["a"]))
        try token.require(scopes: ["a"])
        do {
            try token.require(scopes: ["b", "a"])
            Issue.record("expected to be refused")
        } catch {
            #expect(error.code == .insufficientScope)
            #expect(error.challenge.scopes == ["a", "b"])
        }
    }

    @Test(
        arguments: [
            ("sub", 1), ("jti", [:]), ("client_id", true), ("sid", 7), ("scope", ["a"]), ("auth_time", "now"),
            ("aud", [1]), ("aud", [:]), ("exp", "1800000900"), ("nbf", nil), ("iat", [1]), ("iss", ["x"]),
        ] as [(String, JSONValue?)])
    func `must have the right types even if they are not required`(claim: String, value: JSONValue?) throws {
        let token = try Sample.token(claims: [claim: value ?? .null])
        #expect(try Sample.code { try Sample.verify(token, policy: policy()) } == .malformedClaims)
    }

    @Test func `must include a required custom claim with a value other than null`() throws {
        let policy = try policy(requiredClaims: ["exp", "tenant"])
        let good = try Sample.token(claims: ["tenant": "t1"])
        #expect(try Sample.code { try Sample.verify(good, policy: policy) } == nil)
        #expect(try Sample.code { try Sample.verify(Sample.token(), policy: policy) } == .missingClaim)
        let null = try Sample.token(claims: ["tenant": .null])
        #expect(try Sample.code { try Sample.verify(null, policy: policy) } == .missingClaim)
    }

    @Test func `are compared byte by byte, not by Unicode equivalence`() throws {
        let policy = try VerificationPolicy(issuer: "https://\u{E9}.test", audiences: ["\u{E9}"])
        let same = try Sample.token(claims: ["iss": "https://\u{E9}.test", "aud": "\u{E9}"])
        #expect(try Sample.code { try Sample.verify(same, policy: policy) } == nil)
        let issuer = try Sample.token(claims: ["iss": "https://e\u{301}.test", "aud": "\u{E9}"])
        #expect(try Sample.code { try Sample.verify(issuer, policy: policy) } == .wrongIssuer)
        let audience = try Sample.token(claims: ["iss": "https://\u{E9}.test", "aud": ["e\u{301}"]])
        #expect(try Sample.code { try Sample.verify(audience, policy: policy) } == .wrongAudience)
    }

    @Test func `must not include an audience if the policy has none`() throws {
        let policy = try VerificationPolicy(anyIssuerOr: nil, audiences: [])
        #expect(try Sample.code { try Sample.verify(Sample.token(), policy: policy) } == .wrongAudience)
        let free = try issuer.token(fault: .missingClaim("aud"))
        #expect(try Sample.code { try Sample.verify(free, policy: policy) } == nil)
    }

    @Test func `are accepted with typ compared as a media type`() throws {
        let jwt = try issuer.token(fault: .wrongType)
        for (types, code) in [
            (AllowedTypes.only(["application/jwt", "at+jwt"]), nil), (.only(["AT+JWT"]), .wrongType), (.any, nil),
            (.accessToken, .wrongType),
        ] as [(AllowedTypes, VerificationError.Code?)] {
            let policy = try VerificationPolicy(
                issuer: issuer.issuer, audiences: [issuer.audience], allowedTypes: types)
            #expect(try Sample.code { try Sample.verify(jwt, policy: policy) } == code)
        }
    }
}
