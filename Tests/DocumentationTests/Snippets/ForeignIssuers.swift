// snippet: imports
import SignetVerifier

// end

// The Swift code of the documentation page ForeignIssuers.md. This test target compiles and runs it.

// snippet: other issuer
func otherIssuerPolicy() throws -> VerificationPolicy {
    try VerificationPolicy(
        issuer: "https://login.partner.example", audiences: ["orders"],
        allowedTypes: .only(["JWT"]), requiredClaims: ["exp", "iat", "sub"],
        maximumAge: .seconds(3600), clientIDs: ["partner-shop"])
}
// end

// snippet: router
func makeIssuerRouter(fetcher: any HTTPFetcher) throws -> IssuerRouter {
    try IssuerRouter([
        Verifier(issuer: "https://issuer.example", audiences: ["https://orders.example"], fetcher: fetcher),
        Verifier(policy: otherIssuerPolicy(), fetcher: fetcher),
    ])
}
// end

// snippet: peek
func claimedIssuer(of token: String) -> String? {
    (try? UnverifiedToken(peekingAt: token))?.unverifiedClaims["iss"]?.string
}
// end
