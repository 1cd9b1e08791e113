import SignetVerifier
import Testing

@Suite("The token of a request")
struct BearerCredentialsTests {
    @Test(arguments: ["Bearer t.o.k", "bearer t.o.k", "BEARER   t.o.k "])
    func `the scheme may be written in any case`(value: String) throws {
        let token = try BearerCredentials.token(authorization: [value])
        #expect(token == "t.o.k")
    }

    @Test(arguments: [[], ["Basic dTpw"], ["Bearer"], ["Bearer "], ["Bearert.o.k"], [""]])
    func `another scheme, an empty token or no field is no token`(values: [String]) {
        #expect(throws: VerificationError(.tokenMissing, "")) {
            try BearerCredentials.token(authorization: values)
        }
    }

    @Test func `two fields are refused even when they agree`() {
        #expect(throws: VerificationError(.ambiguousCredentials, "")) {
            try BearerCredentials.token(authorization: ["Bearer a", "Bearer a"])
        }
    }

    @Test func `a cookie counts only where one is expected, and after the header`() throws {
        #expect(throws: VerificationError(.tokenMissing, "")) {
            try BearerCredentials.token(authorization: [], cookies: ["access=a"])
        }
        let fromCookie = try BearerCredentials.token(
            authorization: [], cookies: ["x=1; access=a=b", "y=2"], cookieName: "access")
        #expect(fromCookie == "a=b")
        let fromHeader = try BearerCredentials.token(
            authorization: ["Bearer h"], cookies: ["access=a"], cookieName: "access")
        #expect(fromHeader == "h")
    }

    @Test func `the same cookie twice is refused`() {
        #expect(throws: VerificationError(.ambiguousCredentials, "")) {
            try BearerCredentials.token(authorization: [], cookies: ["access=a; access=b"], cookieName: "access")
        }
    }
}
