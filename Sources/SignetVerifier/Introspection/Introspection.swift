import HTTPFetching
import JOSE

/// The issuer's answer about a token (RFC 7662 section 2.2).
public enum Introspection: Sendable, Hashable {
    /// The token is not valid: expired, revoked, unknown, or not visible to the client that asked.
    case inactive
    /// The token is valid now. The associated value has the token's claims.
    case active(IntrospectedToken)
}

/// The claims of an active token, as the issuer's answer states them. Any claim may be missing.
public struct IntrospectedToken: Sendable, Hashable {
    /// All members of the issuer's JSON answer, including `active`, in the order of the answer.
    public let claims: JSONObject

    init(claims: JSONObject) { self.claims = claims }

    /// `sub`: the user or client that the token is about; `nil` if the answer has no `sub`.
    public var subject: String? { claims["sub"]?.string }

    /// `iss`: the issuer of the token; `nil` if the answer has no `iss`.
    public var issuer: String? { claims["iss"]?.string }

    /// `client_id`: the client that the token was issued to; `nil` if the answer has no `client_id`.
    public var clientID: String? { claims["client_id"]?.string }

    /// `username`: a readable name of the user; `nil` if the answer has no `username`.
    public var username: String? { claims["username"]?.string }

    /// `token_type`: the type of the token, for example `Bearer`; `nil` if the answer has no `token_type`.
    public var tokenType: String? { claims["token_type"]?.string }

    /// `jti`: the unique identifier of the token; `nil` if the answer has no `jti`.
    public var tokenID: String? { claims["jti"]?.string }

    /// `aud`: the audiences of the token; empty if the answer has no `aud`.
    public var audience: Set<String> {
        switch claims["aud"] {
        case .string(let audience)?: [audience]
        case .array(let values)?: Set(values.compactMap(\.string))
        default: []
        }
    }

    /// `scope`: the scopes of the token; empty if the answer has no `scope`.
    public var scopes: Set<String> { Set((claims["scope"]?.string ?? "").split(separator: " ").map(String.init)) }

    /// `exp`: the time at which the token expires; `nil` if the answer has no `exp`.
    public var expiresAt: NumericDate? { claims["exp"]?.number.map(NumericDate.init(secondsSinceEpoch:)) }

    /// `iat`: the time at which the token was issued; `nil` if the answer has no `iat`.
    public var issuedAt: NumericDate? { claims["iat"]?.number.map(NumericDate.init(secondsSinceEpoch:)) }

    /// The value of the member `claim` in the issuer's answer; `nil` if the answer has no such member.
    public subscript(_ claim: String) -> JSONValue? { claims[claim] }
}

extension Introspection {
    /// Interprets a response of the introspection endpoint. `date` is the current time.
    ///
    /// A token whose `exp` has been reached is inactive even if `active` is `true`.
    /// - Returns: the answer of the endpoint. The failure `introspectionUnavailable` if the status is not 200, if the
    ///   body is not a strict JSON object, if `active` is not a Boolean, or if the `exp` of an active token is not a
    ///   number.
    static func reading(
        _ response: HTTPFetchResponse, of endpoint: String, at date: NumericDate
    ) -> Result<Introspection, VerificationError> {
        func unusable(_ reason: String) -> Result<Introspection, VerificationError> {
            .failure(VerificationError(.introspectionUnavailable, "introspection \(endpoint): \(reason)"))
        }
        switch response.status {
        case 200: break
        case 401, 403: return unusable("the endpoint refuses this client's credentials (status \(response.status))")
        default: return unusable("expected status 200, found \(response.status)")
        }
        do {
            let object = try JSONObject(parsing: response.body)
            guard let active = object["active"]?.bool else { return unusable("active: expected true or false") }
            guard active else { return .success(.inactive) }
            let token = IntrospectedToken(claims: object)
            guard object["exp"] == nil || token.expiresAt != nil else { return unusable("exp: expected a number") }
            if let expiresAt = token.expiresAt, expiresAt <= date { return .success(.inactive) }
            return .success(.active(token))
        } catch {
            return unusable("the answer cannot be read: \(error)")
        }
    }
}
