/// The HTTP response to a request whose token was refused or cannot be checked (RFC 6750 section 3).
public struct BearerChallenge: Sendable, Hashable {
    /// The HTTP status: 400, 401 or 403 if the request or its token is refused; 503 if the token cannot be checked at
    /// the moment.
    public let status: Int

    /// The error code of RFC 6750: `invalid_request`, `invalid_token` or `insufficient_scope`. `nil` if the request had
    /// no token or the status is 503.
    public let error: String?

    /// The text of `error_description`, one sentence; `nil` if ``error`` is `nil`. The text depends only on the error
    /// code, so it reveals nothing about the token.
    public let errorDescription: String?

    /// The scopes that the resource requires, for the error `insufficient_scope`; empty for other errors.
    public let scopes: Set<String>

    /// The value of `Retry-After` for a 503, in seconds; `nil` for other statuses.
    public let retryAfter: Int?

    /// The `realm` in `WWW-Authenticate`, for example the name of the service; `nil` for no `realm`. Set it before
    /// reading ``headerValue``.
    public var realm: String?

    /// Creates the response for an error code.
    ///
    /// - Parameters:
    ///   - code: The reason for the refusal. It determines the status, `error` and `error_description`.
    ///   - scopes: The required scopes. Used only for the code ``VerificationError/Code/insufficientScope``.
    ///   - retryAfter: The time after which to try again, 5 seconds if `nil`. Used only for a 503.
    ///   - realm: The `realm`; no `realm` if `nil`.
    public init(
        _ code: VerificationError.Code, scopes: Set<String> = [], retryAfter: Duration? = nil, realm: String? = nil
    ) {
        let answer = Self.answer(to: code)
        status = answer.status
        error = answer.error
        errorDescription = answer.description
        self.scopes = code == .insufficientScope ? scopes : []
        self.retryAfter = answer.status == 503 ? Self.wholeSeconds(retryAfter ?? .seconds(5)) : nil
        self.realm = realm
    }

    /// The value of the `WWW-Authenticate` header; `nil` for a 503, which has no such header.
    public var headerValue: String? {
        guard status != 503 else { return nil }
        var parameters: [(String, String)] = []
        if let realm { parameters.append(("realm", realm)) }
        if let error { parameters.append(("error", error)) }
        if let errorDescription { parameters.append(("error_description", errorDescription)) }
        if !scopes.isEmpty { parameters.append(("scope", scopes.sorted().joined(separator: " "))) }
        guard !parameters.isEmpty else { return "Bearer" }
        return "Bearer " + parameters.map { "\($0)=\(Self.quoted($1))" }.joined(separator: ", ")
    }

    /// Returns `text` as a quoted string (RFC 9110 section 5.6.4). Characters other than printable ASCII become `?`.
    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x20...0x7E: bytes.append(byte)
            default: bytes.append(UInt8(ascii: "?"))
            }
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func wholeSeconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        // Limit the time to one hundred years, so that the sum cannot overflow.
        return max(1, Int(min(seconds, 100 * 365 * 86_400)) + (attoseconds > 0 ? 1 : 0))
    }
}

extension BearerChallenge {
    /// The status, `error` and `error_description` for an error code. An unknown code gives `invalid_token`.
    static func answer(to code: VerificationError.Code) -> (status: Int, error: String?, description: String?) {
        switch code {
        case .tokenMissing: (401, nil, nil)
        case .ambiguousCredentials: (400, "invalid_request", "The request must carry exactly one Bearer token.")
        case .keysUnavailable, .issuerMismatch, .cryptographyUnavailable, .introspectionUnavailable, .statusUnavailable:
            (503, nil, nil)
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
