import JOSE
import SignetVerifier

/// Sentences that explain to people why `signet token verify` rejected a token.
enum CodeMeaning {
    /// Returns a sentence that explains an error code; empty for an unknown code.
    /// - Parameters:
    ///   - claims: the claims of the token. Some sentences show their values.
    ///   - issuer: the value of `--issuer`.
    static func text(of code: VerificationError.Code, claims: JSONObject, issuer: String?) -> String {
        switch code {
        case .tokenTooLarge: "The token is longer than 16 KiB."
        case .malformedToken:
            "The input is not a JWT: expected three base64url parts. Refresh tokens cannot be verified."
        case .malformedHeader: "The header of the token is not strict JSON, or a member has the wrong type."
        case .malformedClaims: "The claims of the token are not strict JSON, or a claim has the wrong type."
        case .unsupportedAlgorithm: "The token is not signed with RS256."
        case .unsupportedExtension: "The header of the token requires an extension that is not supported."
        case .wrongType: "The token does not have the type of --type. An ID token, for example, is not an access token."
        case .unknownKey: "The token names a key that the issuer does not publish."
        case .badSignature: "The signature does not match: the token was modified, or another issuer signed it."
        case .missingClaim: "The token lacks a required claim."
        case .wrongIssuer:
            "The token's issuer (\(shown(claims["iss"]))) is not --issuer (\"\(issuer ?? "")\"). Every byte must match."
        case .wrongAudience:
            if let audience = claims["aud"] {
                "The token's audience (\(shown(audience))) matches no --audience."
            } else {
                "The token has no audience and matches no --audience."
            }
        case .expired: "The token has expired."
        case .notYetValid: "The token is not valid yet."
        case .issuedInFuture:
            "The token was issued in the future: the clocks differ by more than --leeway, or --at is too early."
        case .issuerMismatch: "The metadata at --issuer is that of another issuer. The detail has both names."
        case .revoked: "The session of the token has ended."
        default: ""
        }
    }

    /// Returns a claim as JSON on one line that is safe to print on a terminal.
    private static func shown(_ value: JSONValue?) -> String {
        Table.printable(String(decoding: (value ?? .null).serialized(), as: UTF8.self))
    }
}
