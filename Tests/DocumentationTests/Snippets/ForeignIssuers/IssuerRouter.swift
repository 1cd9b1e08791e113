import SignetVerifier

func makeIssuerRouter(partner: VerificationPolicy, fetcher: any HTTPFetcher) throws -> IssuerRouter {
    try IssuerRouter([
        Verifier(issuer: "https://issuer.example", audiences: ["https://orders.example"], fetcher: fetcher),
        Verifier(policy: partner, fetcher: fetcher),
    ])
}
