// snippet: imports
import SignetVerifier

// end

// The Swift code of the documentation page AskingTheIssuer.md. This test target compiles and runs it.

// snippet: client
func makeClient(secret: String, fetcher: any HTTPFetcher) throws -> IntrospectionClient {
    try IntrospectionClient(
        endpoint: "https://issuer.example/oauth2/introspect", clientID: "orders", clientSecret: secret,
        fetcher: fetcher)
}
// end

// snippet: both
func verifyForPayment(
    _ token: String, verifier: Verifier, client: IntrospectionClient
) async throws(VerificationError) -> VerifiedToken {
    let verified = try await verifier.verify(token)  // a forged token never reaches the issuer
    _ = try await client.requireActive(token)  // tokenInactive, or introspectionUnavailable
    return verified
}
// end
