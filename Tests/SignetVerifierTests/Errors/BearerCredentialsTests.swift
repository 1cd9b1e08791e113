import SignetVerifier
import Testing

@Suite("The token of a request")
struct BearerCredentialsTests {
    @Test(arguments: ["Bearer t.o.k", "bearer t.o.k", "BEARER   t.o.k "])
    func `is found with the scheme in any case`(value: String) throws {
        let token = try BearerCredentials.token(authorization: [value])
        #expect(token == "t.o.k")
    }

    @Test(arguments: [[], ["Basic dTpw"], ["Bearer"], ["Bearer "], ["Bearert.o.k"], [""]])
    func `is missing with another scheme, an empty value or no field`(values: [String]) {
        #expect(throws: VerificationError(.tokenMissing, "")) {
            try BearerCredentials.token(authorization: values)
        }
    }

    @Test func `is refused in two fields, even if they are equal`() {
        #expect(throws: VerificationError(.ambiguousCredentials, "")) {
            try BearerCredentials.token(authorization: ["Bearer a", "Bearer a"])
        }
    }

    @Test func `is read from a cookie only if a cookie name is given and the header has no token`() throws {
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

    @Test func `is refused if the cookie occurs twice`() {
        #expect(throws: VerificationError(.ambiguousCredentials, "")) {
            try BearerCredentials.token(authorization: [], cookies: ["access=a; access=b"], cookieName: "access")
        }
    }
}
