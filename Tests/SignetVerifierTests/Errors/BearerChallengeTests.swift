import SignetVerifier
import Testing

@Suite("A bearer challenge")
struct BearerChallengeTests {
    @Test func `has no error if the request had no token`() {
        var challenge = VerificationError(.tokenMissing, "none").challenge
        #expect(challenge.status == 401)
        #expect(challenge.headerValue == "Bearer")
        challenge.realm = "orders"
        #expect(challenge.headerValue == #"Bearer realm="orders""#)
    }

    @Test func `is invalid_token for an expired token`() {
        let challenge = VerificationError(.expired, "exp").challenge
        #expect(challenge.status == 401)
        #expect(
            challenge.headerValue
                == #"Bearer error="invalid_token", error_description="The access token has expired.""#)
    }

    @Test func `is 403 for a missing scope and names the required scopes`() {
        var challenge = VerificationError(.insufficientScope, "scope", scopes: ["a", "b"]).challenge
        challenge.realm = "r"
        #expect(challenge.status == 403)
        #expect(challenge.headerValue?.hasPrefix(#"Bearer realm="r", error="insufficient_scope", "#) == true)
        #expect(challenge.headerValue?.hasSuffix(#"scope="a b""#) == true)
    }

    @Test(arguments: [
        VerificationError.Code.keysUnavailable, .introspectionUnavailable,
    ])
    func `is 503 with Retry-After if the token cannot be checked at the moment`(code: VerificationError.Code) {
        let error = VerificationError(code, "down", retryAfter: .milliseconds(1200))
        #expect(error.isTemporary)
        #expect(error.challenge.status == 503)
        #expect(error.challenge.headerValue == nil)
        #expect(error.challenge.retryAfter == 2)
        #expect(VerificationError(code, "down").challenge.retryAfter == 5)
    }

    @Test(arguments: VerificationError.Code.all)
    func `has a status and a description fit for a header, for every code`(code: VerificationError.Code) {
        let challenge = VerificationError(code, "detail").challenge
        let expected =
            switch code {
            case .ambiguousCredentials: 400
            case .insufficientScope: 403
            case .keysUnavailable, .issuerMismatch, .cryptographyUnavailable, .introspectionUnavailable,
                .statusUnavailable:
                503
            default: 401
            }
        #expect(challenge.status == expected)
        let isAllowed = (challenge.errorDescription ?? "").utf8.allSatisfy {
            (0x20...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C
        }
        #expect(isAllowed)
        #expect((challenge.error == nil) == (expected == 503 || code == .tokenMissing))
    }

    @Test func `depends on the name of the code`() {
        let names = VerificationError.Code.all.map(\.rawValue)
        #expect(Set(names).count == names.count)
    }

    @Test func `has a Retry-After of whole seconds, at least one`() {
        for (duration, seconds) in [
            (Duration.zero, 1), (.milliseconds(1), 1), (.milliseconds(1001), 2),
            (.seconds(Int64.max), 3_153_600_000), (.seconds(Int64.max) + .milliseconds(1), 3_153_600_001),
        ] {
            #expect(BearerChallenge(.keysUnavailable, retryAfter: duration).retryAfter == seconds)
        }
    }

    @Test func `quotes the realm safely`() {
        var challenge = VerificationError(.tokenMissing, "none").challenge
        challenge.realm = "a\"b\\c\r\nX: é"
        #expect(challenge.headerValue == #"Bearer realm="a\"b\\c??X: ??""#)
    }
}
