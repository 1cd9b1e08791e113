import SignetVerifier
import Testing

@Suite("The answer of RFC 6750")
struct BearerChallengeTests {
    @Test func `without a token it names no error`() {
        var challenge = VerificationError(.tokenMissing, "none").challenge
        #expect(challenge.status == 401)
        #expect(challenge.headerValue == "Bearer")
        challenge.realm = "orders"
        #expect(challenge.headerValue == #"Bearer realm="orders""#)
    }

    @Test func `an expired token is an invalid token`() {
        let challenge = VerificationError(.expired, "exp").challenge
        #expect(challenge.status == 401)
        #expect(
            challenge.headerValue
                == #"Bearer error="invalid_token", error_description="The access token has expired.""#)
    }

    @Test func `a missing scope is 403 and names what is needed`() {
        var challenge = VerificationError(.insufficientScope, "scope", scopes: ["a", "b"]).challenge
        challenge.realm = "r"
        #expect(challenge.status == 403)
        #expect(challenge.headerValue?.hasPrefix(#"Bearer realm="r", error="insufficient_scope", "#) == true)
        #expect(challenge.headerValue?.hasSuffix(#"scope="a b""#) == true)
    }

    @Test(arguments: [
        VerificationError.Code.keysUnavailable, .introspectionUnavailable,
    ])
    func `what nobody can know now is 503 with Retry-After, never 401`(code: VerificationError.Code) {
        let error = VerificationError(code, "down", retryAfter: .milliseconds(1200))
        #expect(error.isTemporary)
        #expect(error.challenge.status == 503)
        #expect(error.challenge.headerValue == nil)
        #expect(error.challenge.retryAfter == 2)
        #expect(VerificationError(code, "down").challenge.retryAfter == 5)
    }

    @Test(arguments: VerificationError.Code.all)
    func `every code has its status and a description that may stand in a header`(code: VerificationError.Code) {
        let challenge = VerificationError(code, "detail").challenge
        let expected =
            switch code {
            case .ambiguousCredentials: 400
            case .insufficientScope: 403
            case .keysUnavailable, .cryptographyUnavailable, .introspectionUnavailable, .statusUnavailable: 503
            default: 401
            }
        #expect(challenge.status == expected)
        let isAllowed = (challenge.errorDescription ?? "").utf8.allSatisfy {
            (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C
        }
        #expect(isAllowed)
        #expect((challenge.error == nil) == (expected == 503 || code == .tokenMissing))
    }

    @Test func `codes are told apart by name`() {
        let names = VerificationError.Code.all.map(\.rawValue)
        #expect(Set(names).count == names.count)
    }

    @Test func `the time to try again is whole seconds, at least one, whatever the duration`() {
        for (duration, seconds) in [
            (Duration.zero, 1), (.milliseconds(1), 1), (.milliseconds(1001), 2),
            (.seconds(Int64.max), 3_153_600_000), (.seconds(Int64.max) + .milliseconds(1), 3_153_600_001),
        ] {
            #expect(BearerChallenge(.keysUnavailable, retryAfter: duration).retryAfter == seconds)
        }
    }

    @Test func `a realm cannot break out of its quotes`() {
        var challenge = VerificationError(.tokenMissing, "none").challenge
        challenge.realm = "a\"b\\c\r\nX: é"
        #expect(challenge.headerValue == #"Bearer realm="a\"b\\c??X: ??""#)
    }
}
