public import SignetVerifier

/// One thing that can be wrong with a token. Each gives a token that is good in every other way.
public enum TokenFault: Sendable, Hashable {
    /// `exp` an hour ago.
    case expired
    /// `nbf` in an hour.
    case notYetValid
    /// `iat` in an hour.
    case issuedInFuture
    /// `iss` of somebody else.
    case wrongIssuer
    /// `aud` of somebody else.
    case wrongAudience
    /// `typ` of an ID token: `JWT`.
    case wrongType
    /// The claim is not there.
    case missingClaim(String)
    /// The claim is `null`, which is a wrong type for every registered claim.
    case nullClaim(String)
    /// One bit of the signature is flipped.
    case badSignature
    /// The claims were changed after signing: `sub` is another.
    case tamperedClaims
    /// Signed by a key that the issuer does not have, under a `kid` that it has.
    case foreignKey
    /// Signed by a key that the issuer does not have, under its own `kid`.
    case unknownKey
    /// `alg` is `none`, and one zero byte stands in for the signature.
    case algorithmNone
    /// `alg` is `HS256`, keyed with the public key: the algorithm confusion attack.
    case algorithmConfusion
    /// A `crit` header.
    case criticalExtension
    /// A member twice in the payload.
    case duplicateClaim
    /// Two parts only.
    case truncated
    /// More than 16 KiB.
    case oversized

    /// One of every kind.
    public static let all: [TokenFault] = [
        .expired, .notYetValid, .issuedInFuture, .wrongIssuer, .wrongAudience, .wrongType, .missingClaim("exp"),
        .nullClaim("sub"), .badSignature, .tamperedClaims, .foreignKey, .unknownKey, .algorithmNone,
        .algorithmConfusion, .criticalExtension, .duplicateClaim, .truncated, .oversized,
    ]

    /// The code that a verifier with the default policy gives.
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
