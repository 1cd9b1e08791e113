import JOSE

/// An access token that was checked in full: its header, its claims, and nothing that was not signed.
public struct VerifiedToken: Sendable {
    let contents: TokenContents

    init(_ contents: TokenContents) { self.contents = contents }

    /// `kid`: the key that the token names; `nil` when it names none.
    public var keyID: String? { contents.header.keyID }

    /// `typ`, as written.
    public var type: String? { contents.header.type }

    /// `iss`: who issued the token. Empty only where no issuer was required.
    public var issuer: String { contents.issuer.map(contents.string) ?? "" }

    /// `sub`: whom the token is about; `nil` only where the policy does not require it.
    public var subject: String? { contents.subject.map(contents.string) }

    /// `aud`: whom the token is for.
    public var audience: [String] {
        switch contents.audience {
        case .absent: []
        case .one(let text): [contents.string(text)]
        case .several(let texts): texts.map(contents.string)
        }
    }

    /// `exp`: from when on the token is refused; `nil` only where the policy does not require it.
    public var expiresAt: NumericDate? { contents.expiresAt.map(NumericDate.init(secondsSinceEpoch:)) }

    /// `nbf`: until when the token is refused.
    public var notBefore: NumericDate? { contents.notBefore.map(NumericDate.init(secondsSinceEpoch:)) }

    /// `iat`: when the token was issued.
    public var issuedAt: NumericDate? { contents.issuedAt.map(NumericDate.init(secondsSinceEpoch:)) }

    /// `jti`: the token's own name.
    public var tokenID: String? { contents.tokenID.map(contents.string) }

    /// `client_id`: the client that the token was issued to (RFC 9068 section 2.2).
    public var clientID: String? { contents.clientID.map(contents.string) }

    /// `sid`: the session that the token belongs to.
    public var sessionID: String? { contents.sessionID.map(contents.string) }

    /// `auth_time`: when the user proved who they are.
    public var authTime: NumericDate? { contents.authTime.map(NumericDate.init(secondsSinceEpoch:)) }

    /// The names in `scope`, in order.
    public var scopes: [String] {
        // By bytes, as ``require(scopes:)`` does: a space stays a space, whatever mark follows it.
        (contents.scope.map(contents.string) ?? "").utf8.split(separator: UInt8(ascii: " ")).map { String($0) ?? "" }
    }

    /// The strings in `roles`; empty unless it is an array of strings.
    public var roles: [String] {
        guard let values = self["roles"]?.array else { return [] }
        let roles = values.compactMap(\.string)
        return roles.count == values.count ? roles : []
    }

    /// Any claim as a JSON value. Reads the payload up to the claim at every call.
    public subscript(_ claim: String) -> JSONValue? { contents.value(of: claim) }

    /// All claims, in order. Reads the payload at every call.
    public var claims: JSONObject { contents.claims }

    /// The payload as it was signed: strict JSON.
    public var payload: [UInt8] { contents.payload }

    /// Refuses the token unless it has every one of `scopes`.
    ///
    /// - Throws: ``VerificationError`` with `insufficientScope`, whose challenge names all of `scopes`.
    public func require(scopes: Set<String>) throws(VerificationError) {
        try contents.requireScopes(scopes.sorted())
    }
}
