import SignetVerifier

/// What the codes of `signet token verify` mean, for people.
enum CodeMeaning {
    /// One sentence; empty for a code of which nothing more is known.
    static func text(of code: VerificationError.Code) -> String {
        switch code {
        case .tokenTooLarge: "The token is longer than 16 KiB."
        case .malformedToken:
            "It is no JWT: three parts of base64url are expected. A refresh token is not checked here."
        case .malformedHeader: "The token's header is not strict JSON, or a member of it has the wrong type."
        case .malformedClaims: "The token's claims are not strict JSON, or one of them has the wrong type."
        case .unsupportedAlgorithm: "The token is not signed with RS256."
        case .unsupportedExtension: "The token's header asks for an extension that is not understood."
        case .wrongType: "The token is of another type than --type allows: an ID token is no access token."
        case .unknownKey: "The token names a key that is not among the issuer's keys."
        case .badSignature: "The signature is not that of the issuer's key: the token was changed, or made by another."
        case .missingClaim: "A claim that must be there is not."
        case .wrongIssuer: "The token is of another issuer than --issuer, which must be the same to the letter."
        case .wrongAudience: "The token is not for any --audience that was given, or it has one and none was given."
        case .expired: "The token's time is over."
        case .notYetValid: "The token's time has not begun."
        case .issuedInFuture: "The token was made in the future: the clocks differ by more than --leeway."
        case .revoked: "The token's session has ended."
        default: ""
        }
    }
}
