import SignetVerifier
import Testing

@Suite("The token of a request")
struct BearerCredentialsTests {
    @Test("the scheme may be written in any case", arguments: ["Bearer t.o.k", "bearer t.o.k", "BEARER   t.o.k "])
    func scheme(value: String) throws {
        let token = try BearerCredentials.token(authorization: [value])
        #expect(token == "t.o.k")
    }

    @Test(
        "another scheme, an empty token or no field is no token",
        arguments: [[], ["Basic dTpw"], ["Bearer"], ["Bearer "], ["Bearert.o.k"], [""]])
    func missing(values: [String]) {
        #expect(throws: VerificationError(.tokenMissing, "")) {
            try BearerCredentials.token(authorization: values)
        }
    }

    @Test("two fields are refused even when they agree")
    func twoFields() {
        #expect(throws: VerificationError(.ambiguousCredentials, "")) {
            try BearerCredentials.token(authorization: ["Bearer a", "Bearer a"])
        }
    }

    @Test("a cookie counts only where one is expected, and after the header")
    func cookie() throws {
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

    @Test("the same cookie twice is refused")
    func twoCookies() {
        #expect(throws: VerificationError(.ambiguousCredentials, "")) {
            try BearerCredentials.token(authorization: [], cookies: ["access=a; access=b"], cookieName: "access")
        }
    }
}
