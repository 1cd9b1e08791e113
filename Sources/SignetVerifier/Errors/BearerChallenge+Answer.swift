extension BearerChallenge {
    /// Status, `error` and `error_description` of a code. A code of a later version counts as a bad token.
    static func answer(to code: VerificationError.Code) -> (status: Int, error: String?, description: String?) {
        switch code {
        case .tokenMissing: (401, nil, nil)
        case .ambiguousCredentials: (400, "invalid_request", "The request must carry exactly one Bearer token.")
        case .keysUnavailable, .cryptographyUnavailable, .introspectionUnavailable, .statusUnavailable: (503, nil, nil)
        case .insufficientScope:
            (403, "insufficient_scope", "The access token lacks a scope that this resource needs.")
        default: (401, "invalid_token", describe(code))
        }
    }

    private static func describe(_ code: VerificationError.Code) -> String {
        switch code {
        case .tokenTooLarge: "The access token is too large."
        case .malformedToken, .malformedHeader, .malformedClaims: "The access token is malformed."
        case .unsupportedAlgorithm, .unsupportedExtension: "The access token uses a feature that is not accepted here."
        case .wrongType: "The token is not an access token."
        case .unknownKey, .badSignature: "The signature of the access token is not valid."
        case .missingClaim: "The access token lacks a claim that is required here."
        case .wrongIssuer: "The access token is from another issuer."
        case .wrongAudience: "The access token is for another audience."
        case .wrongClient: "The access token belongs to a client that is not accepted here."
        case .expired: "The access token has expired."
        case .notYetValid, .issuedInFuture: "The access token is not valid yet."
        case .tooOld: "The access token was issued too long ago."
        case .tokenInactive: "The access token is no longer active."
        case .revoked: "The access token has been revoked."
        default: "The access token is not valid."
        }
    }
}
