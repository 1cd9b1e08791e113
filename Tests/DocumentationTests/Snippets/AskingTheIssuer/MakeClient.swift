import SignetVerifier

func makeClient(secret: String, fetcher: any HTTPFetcher) throws -> IntrospectionClient {
    try IntrospectionClient(
        issuer: "https://issuer.example", clientID: "orders", clientSecret: secret, fetcher: fetcher)
}
