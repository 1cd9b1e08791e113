import JOSE
import SignetStore

/// Makes access tokens: JWTs by RFC 9068 with the claims that the issuer promises and no personal data.
struct AccessTokenMint: Sendable {
    private let issuer: String
    private let audience: String
    private let lifetime: Int64
    private let keyring: Keyring
    private let statusLists: StatusListLocation?

    /// - Parameters:
    ///   - issuer: the `iss` claim.
    ///   - audience: the `aud` claim of users' tokens.
    ///   - lifetime: cut to whole seconds, at least 1.
    ///   - statusLists: where the `status` claim points; `nil` leaves the claim out.
    init(issuer: String, audience: String, lifetime: Duration, statusLists: StatusListLocation?, keyring: Keyring) {
        self.issuer = issuer
        self.audience = audience
        self.lifetime = max(1, lifetime.components.seconds)
        self.statusLists = statusLists
        self.keyring = keyring
    }

    /// A token for the user of a family. It outlives neither the family's absolute end nor the time that its entry in the
    /// status lists is kept for: a replay writes nothing, and token lives may have grown since the rotation.
    /// - Parameter scope: the family's, or part of it; empty for none.
    func token(
        for family: FamilyRecord, of user: UserRecord, scope: String, at now: Timestamp
    ) throws(IssuerError) -> AccessTokenResponse {
        let issuedAt = now.seconds
        let end = min(family.expiresAt, family.statusListEntry?.tokensExpireAt ?? family.expiresAt).seconds
        let expiresAt = max(issuedAt + 1, min(issuedAt + lifetime, end))
        var claims = claims(
            subject: user.id.description, audience: .string(audience), issuedAt: issuedAt, expiresAt: expiresAt)
        claims["client_id"] = .string(family.clientID?.description ?? FirstParty.clientID)
        claims["sid"] = .string(family.id.description)
        claims["scope"] = scope.isEmpty ? nil : .string(scope)
        claims["auth_time"] = .integer(family.authenticatedAt.seconds)
        claims["status"] = family.statusListEntry.flatMap { statusLists?.reference(to: $0.index) }
        claims["roles"] = user.roles.isEmpty ? nil : .array(user.roles.map { .string($0) })
        return AccessTokenResponse(
            accessToken: try keyring.signingKey(at: now).token(with: claims), expiresIn: expiresAt - issuedAt,
            scope: scope)
    }

    /// A token for a client on its own behalf (RFC 6749 §4.4, RFC 9068 §2.2): its subject is the client.
    /// - Parameter audiences: at least one; a single one makes `aud` a string, several an array (RFC 7519 §4.1.3).
    func token(
        for client: Client, scope: String, audiences: [String], at now: Timestamp
    ) throws(IssuerError) -> AccessTokenResponse {
        let issuedAt = now.seconds
        let clientID = client.id.description
        let names = audiences.map { JSONValue.string($0) }
        var claims = claims(
            subject: clientID, audience: names.count == 1 ? names[0] : .array(names), issuedAt: issuedAt,
            expiresAt: issuedAt + lifetime)
        claims["client_id"] = .string(clientID)
        claims["scope"] = scope.isEmpty ? nil : .string(scope)
        return AccessTokenResponse(
            accessToken: try keyring.signingKey(at: now).token(with: claims), expiresIn: lifetime, scope: scope)
    }

    private func claims(subject: String, audience: JSONValue, issuedAt: Int64, expiresAt: Int64) -> JSONObject {
        [
            "iss": .string(issuer),
            "sub": .string(subject),
            "aud": audience,
            "exp": .integer(expiresAt),
            "iat": .integer(issuedAt),
            "jti": .string(Base64URL.encode(SecureRandom.bytes(16))),
        ]
    }
}

/// An access token with what a token response says about it (RFC 6749 §5.1).
package struct AccessTokenResponse: Sendable, Hashable {
    package let accessToken: String
    /// Seconds until it expires.
    package let expiresIn: Int64
    /// Space-separated; empty for none.
    package let scope: String
}
