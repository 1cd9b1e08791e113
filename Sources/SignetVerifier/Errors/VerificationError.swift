// The folder Errors has the errors of the verifier, and the HTTP response that a service sends for each error. It does
// not check tokens.

import JOSE

/// The reason why a token was refused or cannot be checked at the moment.
///
/// ``code`` is for programs, ``detail`` and ``token`` are for the operator's log, and ``challenge`` is the response for
/// HTTP callers. No text contains the token. ``detail`` may quote header parameters and claims, so never send it to a
/// caller.
public struct VerificationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The reason. Codes are stable across versions.
    public let code: Code

    /// A text for the operator's log: the step that failed, what was expected and what was found. Never send it to a
    /// caller.
    public let detail: String

    /// The HTTP response for the caller (RFC 6750): status and `WWW-Authenticate`.
    public let challenge: BearerChallenge

    /// The claims that identify the refused token, for logs; `nil` if the token's signature is invalid or was not
    /// checked.
    public internal(set) var token: RefusedToken?

    /// Creates an error and the challenge that belongs to its code.
    ///
    /// - Parameters:
    ///   - code: The reason. It determines the challenge.
    ///   - detail: The text for logs. It must not contain the token.
    ///   - scopes: The required scopes, for the challenge of ``Code/insufficientScope``.
    ///   - retryAfter: The time after which to try again, rounded up to whole seconds. Used only for a code whose
    ///     response is a 503.
    public init(_ code: Code, _ detail: String, scopes: Set<String> = [], retryAfter: Duration? = nil) {
        self.code = code
        self.detail = detail
        challenge = BearerChallenge(code, scopes: scopes, retryAfter: retryAfter)
    }

    /// `true` if the token cannot be checked at the moment, so it may be good. The status of ``challenge`` is then 503.
    public var isTemporary: Bool { challenge.status == 503 }

    /// The code and the detail, and ``token`` if there is one: a line for a log.
    public var description: String { "\(code.rawValue): \(detail)" + (token.map { " (\($0))" } ?? "") }

    /// Compares only ``code``.
    public static func == (left: VerificationError, right: VerificationError) -> Bool { left.code == right.code }

    public func hash(into hasher: inout Hasher) { hasher.combine(code) }
}

/// The claims that identify a refused token whose signature is valid.
///
/// Every value is one line of at most 128 characters without control characters, so it can be logged unchanged.
public struct RefusedToken: Sendable, Hashable, CustomStringConvertible {
    /// `sub`: the user or client that the token is about; `nil` if the token has no `sub`.
    public let subject: String?
    /// `sid`: the session to which the token belongs; `nil` if the token has no `sid`.
    public let sessionID: String?
    /// `jti`: the unique identifier of the token; `nil` if the token has no `jti`.
    public let tokenID: String?
    /// `client_id`: the client that the token was issued to; `nil` if the token has no `client_id`.
    public let clientID: String?

    init(subject: String?, sessionID: String?, tokenID: String?, clientID: String?) {
        func shown(_ claim: String?) -> String? { claim.flatMap { PrintableText($0, maximumScalars: 128)?.text } }
        self.subject = shown(subject)
        self.sessionID = shown(sessionID)
        self.tokenID = shown(tokenID)
        self.clientID = shown(clientID)
    }

    /// The claims that are present, for a log: `sub …, sid …, jti …, client_id …`.
    public var description: String {
        [("sub", subject), ("sid", sessionID), ("jti", tokenID), ("client_id", clientID)]
            .compactMap { name, value in value.map { "\(name) \($0)" } }.joined(separator: ", ")
    }
}

extension VerificationError {
    /// The reason of an error, as a stable name. Later versions may add codes but never rename one.
    public struct Code: RawRepresentable, Sendable, Hashable, CustomStringConvertible {
        /// The name as it appears in logs.
        public let rawValue: String

        /// Creates a code from its name. Unknown names are accepted, so that a program can store and read codes of
        /// later versions.
        public init(rawValue: String) { self.rawValue = rawValue }

        /// The name.
        public var description: String { rawValue }
    }
}

extension VerificationError.Code {
    /// The request carries no token.
    public static let tokenMissing = Self(rawValue: "tokenMissing")
    /// The request carries more than one `Authorization` field, or more than one cookie with the configured name.
    public static let ambiguousCredentials = Self(rawValue: "ambiguousCredentials")
    /// The token is longer than 16 KiB.
    public static let tokenTooLarge = Self(rawValue: "tokenTooLarge")
    /// The token does not consist of three parts in canonical base64url without padding.
    public static let malformedToken = Self(rawValue: "malformedToken")
    /// The header is not a JSON object, has a name twice, or has a parameter of the wrong type.
    public static let malformedHeader = Self(rawValue: "malformedHeader")
    /// The payload is not a JSON object, has a name twice, or has a claim of the wrong type: a registered claim, or a
    /// claim that the service decodes.
    public static let malformedClaims = Self(rawValue: "malformedClaims")
    /// `alg` is anything but RS256.
    public static let unsupportedAlgorithm = Self(rawValue: "unsupportedAlgorithm")
    /// The header has a `crit` or `b64` parameter. The verifier supports no JWS extension.
    public static let unsupportedExtension = Self(rawValue: "unsupportedExtension")
    /// `typ` is not a type that the policy accepts.
    public static let wrongType = Self(rawValue: "wrongType")
    /// The issuer publishes no key with the token's `kid`.
    public static let unknownKey = Self(rawValue: "unknownKey")
    /// The key that `kid` names did not sign the token, or the token has no `kid` and none of the issuer's keys signed
    /// it.
    public static let badSignature = Self(rawValue: "badSignature")
    /// The token lacks a claim that the policy or the service requires.
    public static let missingClaim = Self(rawValue: "missingClaim")
    /// `iss` differs from the policy's issuer.
    public static let wrongIssuer = Self(rawValue: "wrongIssuer")
    /// `aud` contains none of the policy's audiences.
    public static let wrongAudience = Self(rawValue: "wrongAudience")
    /// `client_id` is not a client that the policy accepts.
    public static let wrongClient = Self(rawValue: "wrongClient")
    /// The time in `exp` has been reached.
    public static let expired = Self(rawValue: "expired")
    /// The time in `nbf` has not been reached.
    public static let notYetValid = Self(rawValue: "notYetValid")
    /// The time in `iat` is in the future.
    public static let issuedInFuture = Self(rawValue: "issuedInFuture")
    /// The time since `iat` exceeds the policy's maximum age.
    public static let tooOld = Self(rawValue: "tooOld")
    /// The token is valid but lacks a scope that the resource requires.
    public static let insufficientScope = Self(rawValue: "insufficientScope")
    /// The issuer's keys are not available at the moment, so the token cannot be checked.
    public static let keysUnavailable = Self(rawValue: "keysUnavailable")
    /// The issuer's metadata names another `issuer` than the policy, or its `jwks_uri` is missing or not acceptable. No
    /// token can be checked.
    public static let issuerMismatch = Self(rawValue: "issuerMismatch")
    /// OpenSSL ran out of memory, so the token cannot be checked at the moment.
    public static let cryptographyUnavailable = Self(rawValue: "cryptographyUnavailable")
    /// The issuer reports that the token is not active (RFC 7662).
    public static let tokenInactive = Self(rawValue: "tokenInactive")
    /// The introspection endpoint gave no usable answer, so the token cannot be checked at the moment.
    public static let introspectionUnavailable = Self(rawValue: "introspectionUnavailable")
    /// A status list of the issuer marks the token as revoked, because the token's session has ended.
    public static let revoked = Self(rawValue: "revoked")
    /// The token names a status list that is not available at the moment, so the token cannot be checked.
    public static let statusUnavailable = Self(rawValue: "statusUnavailable")

    /// All codes that this version of the verifier throws.
    public static let all: [Self] = [
        .tokenMissing, .ambiguousCredentials, .tokenTooLarge, .malformedToken, .malformedHeader, .malformedClaims,
        .unsupportedAlgorithm, .unsupportedExtension, .wrongType, .unknownKey, .badSignature, .missingClaim,
        .wrongIssuer, .wrongAudience, .wrongClient, .expired, .notYetValid, .issuedInFuture, .tooOld,
        .insufficientScope, .keysUnavailable, .issuerMismatch, .cryptographyUnavailable, .tokenInactive,
        .introspectionUnavailable,
        .revoked, .statusUnavailable,
    ]
}
