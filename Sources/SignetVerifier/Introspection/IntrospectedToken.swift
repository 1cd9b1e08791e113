import JOSE

/// An active token, as the issuer describes it. Every member may be missing.
public struct IntrospectedToken: Sendable, Hashable {
    /// All members of the answer, in order.
    public let claims: JSONObject

    init(claims: JSONObject) { self.claims = claims }

    /// `sub`: whom the token is about.
    public var subject: String? { claims["sub"]?.string }

    /// `iss`: who issued the token.
    public var issuer: String? { claims["iss"]?.string }

    /// `client_id`: the client that the token was issued to.
    public var clientID: String? { claims["client_id"]?.string }

    /// `username`: a name of the user for people to read.
    public var username: String? { claims["username"]?.string }

    /// `token_type`.
    public var tokenType: String? { claims["token_type"]?.string }

    /// `jti`: the token's own name.
    public var tokenID: String? { claims["jti"]?.string }

    /// `aud`: whom the token is for; empty when the answer does not say.
    public var audience: [String] {
        switch claims["aud"] {
        case .string(let audience)?: [audience]
        case .array(let values)?: values.compactMap(\.string)
        default: []
        }
    }

    /// The names in `scope`.
    public var scopes: [String] { (claims["scope"]?.string ?? "").split(separator: " ").map(String.init) }

    /// `exp`: when the token ends.
    public var expiresAt: NumericDate? { claims["exp"]?.number.map(NumericDate.init(secondsSinceEpoch:)) }

    /// `iat`: when the token was issued.
    public var issuedAt: NumericDate? { claims["iat"]?.number.map(NumericDate.init(secondsSinceEpoch:)) }

    /// Any member of the answer.
    public subscript(_ claim: String) -> JSONValue? { claims[claim] }
}
