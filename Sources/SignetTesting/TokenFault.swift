public import SignetVerifier

/// A fault that ``TestIssuer`` can build into a token. The token is correct in every other respect.
public enum TokenFault: Sendable, Hashable {
    /// `exp` is an hour ago.
    case expired
    /// `nbf` is an hour from now.
    case notYetValid
    /// `iat` is an hour from now.
    case issuedInFuture
    /// `iss` names another issuer.
    case wrongIssuer
    /// `aud` names another service.
    case wrongAudience
    /// `typ` is `JWT`, as in ID tokens.
    case wrongType
    /// The claim with this name is missing.
    case missingClaim(String)
    /// The claim with this name is `null`, a wrong type for every registered claim.
    case nullClaim(String)
    /// One bit of the signature is flipped.
    case badSignature
    /// `sub` was changed after signing.
    case tamperedClaims
    /// The token is signed with a key that the issuer does not publish, but its `kid` names a published key.
    case foreignKey
    /// The token is signed with a key that the issuer does not publish, and its `kid` is not the `kid` of a published
    /// key either.
    case unknownKey
    /// `alg` is `none`, and the signature is one zero byte.
    case algorithmNone
    /// `alg` is `HS256`, and the HMAC key is the published JWKS document: the algorithm confusion attack.
    case algorithmConfusion
    /// The header has a `crit` parameter.
    case criticalExtension
    /// The payload has the member `sub` twice.
    case duplicateClaim
    /// The token has two parts instead of three.
    case truncated
    /// The token is longer than 16 KiB.
    case oversized

    /// One example of every fault.
    public static let all: [TokenFault] = [
        .expired, .notYetValid, .issuedInFuture, .wrongIssuer, .wrongAudience, .wrongType, .missingClaim("exp"),
        .nullClaim("sub"), .badSignature, .tamperedClaims, .foreignKey, .unknownKey, .algorithmNone,
        .algorithmConfusion, .criticalExtension, .duplicateClaim, .truncated, .oversized,
    ]

    /// The code of the error that a verifier with the default policy throws for a token with this fault.
    public var code: VerificationError.Code {
        switch self {
        case .expired: .expired
        case .notYetValid: .notYetValid
        case .issuedInFuture: .issuedInFuture
        case .wrongIssuer: .wrongIssuer
        case .wrongAudience: .wrongAudience
        case .wrongType: .wrongType
        case .missingClaim: .missingClaim
        case .nullClaim, .duplicateClaim: .malformedClaims
        case .badSignature, .tamperedClaims, .foreignKey: .badSignature
        case .unknownKey: .unknownKey
        case .algorithmNone, .algorithmConfusion: .unsupportedAlgorithm
        case .criticalExtension: .unsupportedExtension
        case .truncated: .malformedToken
        case .oversized: .tokenTooLarge
        }
    }
}
