import SignetVerifier

func claimedIssuer(of token: String) -> String? {
    (try? UnverifiedToken(peekingAt: token))?.unverifiedClaims["iss"]?.string
}
