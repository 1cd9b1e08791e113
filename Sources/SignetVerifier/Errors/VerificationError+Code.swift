extension VerificationError {
    /// A reason by its stable name. New reasons may be added; none is ever renamed.
    public struct Code: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
        /// The name, as it stands in logs.
        public let rawValue: String

        /// The code of this name, known or not: codes of a later version survive being stored and read again.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The name.
        public var description: String { rawValue }
    }
}

extension VerificationError.Code {
    /// The request carries no token.
    public static let tokenMissing = Self(rawValue: "tokenMissing")
    /// The request carries more than one `Authorization` field, or the token's cookie more than once.
    public static let ambiguousCredentials = Self(rawValue: "ambiguousCredentials")
    /// The token is longer than 16 KiB.
    public static let tokenTooLarge = Self(rawValue: "tokenTooLarge")
    /// The token is not three canonical base64url parts.
    public static let malformedToken = Self(rawValue: "malformedToken")
    /// The header is not a strict JSON object, or one of its parameters has the wrong type.
    public static let malformedHeader = Self(rawValue: "malformedHeader")
    /// The payload is not a strict JSON object, or a registered claim has the wrong type.
    public static let malformedClaims = Self(rawValue: "malformedClaims")
    /// `alg` is anything but RS256.
    public static let unsupportedAlgorithm = Self(rawValue: "unsupportedAlgorithm")
    /// The header has a `crit` parameter, or `b64`: extensions that this verifier does not understand.
    public static let unsupportedExtension = Self(rawValue: "unsupportedExtension")
    /// `typ` is not one the policy accepts.
    public static let wrongType = Self(rawValue: "wrongType")
    /// No key with the token's `kid` is published.
    public static let unknownKey = Self(rawValue: "unknownKey")
    /// The signature does not belong to the token under the key that it names.
    public static let badSignature = Self(rawValue: "badSignature")
    /// A claim that the policy requires is not there.
    public static let missingClaim = Self(rawValue: "missingClaim")
    /// `iss` is not the policy's issuer.
    public static let wrongIssuer = Self(rawValue: "wrongIssuer")
    /// `aud` names none of the policy's audiences.
    public static let wrongAudience = Self(rawValue: "wrongAudience")
    /// `client_id` is not one the policy accepts.
    public static let wrongClient = Self(rawValue: "wrongClient")
    /// `exp` has been reached.
    public static let expired = Self(rawValue: "expired")
    /// `nbf` has not been reached.
    public static let notYetValid = Self(rawValue: "notYetValid")
    /// `iat` lies in the future.
    public static let issuedInFuture = Self(rawValue: "issuedInFuture")
    /// `iat` is longer ago than the policy's maximum age.
    public static let tooOld = Self(rawValue: "tooOld")
    /// The token is good and lacks a scope that is needed here.
    public static let insufficientScope = Self(rawValue: "insufficientScope")
    /// The keys cannot be had now, so nobody can tell whether the token is good.
    public static let keysUnavailable = Self(rawValue: "keysUnavailable")
    /// The cryptographic library could not do its work, for want of memory, so nobody can tell whether the token is good.
    public static let cryptographyUnavailable = Self(rawValue: "cryptographyUnavailable")
    /// The issuer says that the token is not active (RFC 7662).
    public static let tokenInactive = Self(rawValue: "tokenInactive")
    /// The introspection endpoint gave no usable answer, so nobody can tell whether the token is good.
    public static let introspectionUnavailable = Self(rawValue: "introspectionUnavailable")
    /// A status list of the issuer says that the token's session has ended.
    public static let revoked = Self(rawValue: "revoked")
    /// The status list that the token names cannot be had now, so nobody can tell whether the token is good.
    public static let statusUnavailable = Self(rawValue: "statusUnavailable")

    /// Every code that this version throws.
    public static let all: [Self] = [
        .tokenMissing, .ambiguousCredentials, .tokenTooLarge, .malformedToken, .malformedHeader, .malformedClaims,
        .unsupportedAlgorithm, .unsupportedExtension, .wrongType, .unknownKey, .badSignature, .missingClaim,
        .wrongIssuer, .wrongAudience, .wrongClient, .expired, .notYetValid, .issuedInFuture, .tooOld,
        .insufficientScope, .keysUnavailable, .cryptographyUnavailable, .tokenInactive, .introspectionUnavailable,
        .revoked, .statusUnavailable,
    ]
}
