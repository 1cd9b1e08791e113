import SignetClient
import SignetVerifierHTTP

func tokens(secret: String) throws -> ClientCredentialsTokenSource {
    try ClientCredentialsTokenSource(
        issuer: "https://id.example.com", clientID: "4f9c6a1e-6d0f-4a57-9d2c-3a1f0e8b7c55", clientSecret: secret,
        scopes: ["orders:read"], fetcher: HTTPClientFetcher.shared)
}
