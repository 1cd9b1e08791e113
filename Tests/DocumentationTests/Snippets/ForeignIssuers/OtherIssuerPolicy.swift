import SignetVerifier

func otherIssuerPolicy() throws -> VerificationPolicy {
    try VerificationPolicy(
        issuer: "https://login.partner.example", audiences: ["orders"],
        allowedTypes: .only(["JWT"]), requiredClaims: ["exp", "iat", "sub"],
        maximumAge: .seconds(3600), clientIDs: ["partner-shop"])
}
