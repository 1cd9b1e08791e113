import HTTPFetching
import SignetClient
import Testing

@Suite("A refused token")
struct TokenRefusalTests {
    @Test(arguments: [
        #"Bearer error="invalid_token""#, "bearer error=invalid_token",
        #"Bearer realm="a, b", error = "invalid_token""#, "Bearer realm=\"a\"\t,\terror\t=\t\"invalid_token\"",
        #"Basic realm="x", Bearer realm="\", error=\"none", error="invalid_token", scope="a""#,
    ])
    func `is recognised by the error of the Bearer challenge`(challenge: String) {
        #expect(TokenRefusal.isInvalidToken(status: 401, challenges: ["Negotiate", challenge]))
        #expect(!TokenRefusal.isInvalidToken(status: 403, challenges: [challenge]))
        let response = HTTPFetchResponse(status: 401, headers: [HTTPFetchField("WWW-Authenticate", challenge)])
        #expect(response.refusesToken)
    }

    @Test(arguments: [
        "", "Bearer", #"Bearer realm="orders""#, #"Bearer error="insufficient_scope""#, #"DPoP error="invalid_token""#,
        #"Bearer realm="error=invalid_token""#, #"Bearer realm=", error="invalid_token""#, #"error="invalid_token""#,
        #"Bearer realm="x", Basic error="invalid_token""#, ",,,", "=", #"Bearer x_error="invalid_token""#,
    ])
    func `is not seen in another challenge`(challenge: String) {
        #expect(!TokenRefusal.isInvalidToken(status: 401, challenges: [challenge]))
    }
}
