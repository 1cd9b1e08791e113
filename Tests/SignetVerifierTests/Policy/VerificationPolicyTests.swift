import SignetVerifier
import Testing

@Suite("A policy")
struct VerificationPolicyTests {
    @Test func `cannot be created without an issuer or an audience`() {
        #expect(throws: ConfigurationError(.empty, "")) { try VerificationPolicy(issuer: "", audiences: ["a"]) }
        #expect(throws: ConfigurationError(.noAudience, "")) { try VerificationPolicy(issuer: "i", audiences: []) }
        #expect(throws: ConfigurationError(.empty, "")) { try VerificationPolicy(issuer: "i", audiences: ["a", ""]) }
    }

    @Test(arguments: [Duration.seconds(-1), .seconds(3601)])
    func `refuses a leeway outside of 0 seconds to 1 hour`(leeway: Duration) {
        #expect(throws: ConfigurationError(.outOfRange, "")) {
            try VerificationPolicy(issuer: "i", audiences: ["a"], leeway: leeway)
        }
    }

    @Test func `refuses a maximum age of zero and an empty set of clients`() {
        #expect(throws: ConfigurationError(.outOfRange, "")) {
            try VerificationPolicy(issuer: "i", audiences: ["a"], maximumAge: .zero)
        }
        #expect(throws: ConfigurationError(.empty, "")) {
            try VerificationPolicy(issuer: "i", audiences: ["a"], clientIDs: [])
        }
    }

    @Test func `limits the number and the length of names`() throws {
        let long = String(repeating: "a", count: 2049)
        let many = Set((0...1000).map(String.init))
        let attempts: [() throws -> VerificationPolicy] = [
            { try VerificationPolicy(issuer: long, audiences: ["a"]) },
            { try VerificationPolicy(issuer: "i", audiences: [long]) },
            { try VerificationPolicy(issuer: "i", audiences: many) },
            { try VerificationPolicy(issuer: "i", audiences: ["a"], allowedTypes: .only([long])) },
            { try VerificationPolicy(issuer: "i", audiences: ["a"], requiredClaims: many) },
            { try VerificationPolicy(issuer: "i", audiences: ["a"], requiredScopes: many) },
            { try VerificationPolicy(issuer: "i", audiences: ["a"], clientIDs: many) },
        ]
        for attempt in attempts { #expect(throws: ConfigurationError(.outOfRange, "")) { try attempt() } }
        let fits = String(repeating: "a", count: 2048)
        #expect(try VerificationPolicy(issuer: fits, audiences: [fits]).audiences == [fits])
    }

    @Test func `has the documented defaults`() throws {
        let policy = try VerificationPolicy(issuer: "i", audiences: ["a"])
        #expect(policy.leeway == .seconds(30))
        #expect(policy.allowedTypes == .accessToken)
        #expect(policy.requiredClaims == ["exp", "iat", "jti", "sub"])
        #expect(policy.requiredScopes.isEmpty)
        #expect(policy.maximumAge == nil)
        #expect(policy.clientIDs == nil)
    }
}
