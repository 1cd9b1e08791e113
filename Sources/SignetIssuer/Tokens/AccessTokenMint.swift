import JOSE
import SignetStore

/// Makes access tokens: JWTs by RFC 9068 with the claims that the issuer promises and no personal data.
struct AccessTokenMint: Sendable {
    private let issuer: String
    private let audience: String
    private let lifetime: Int64
    private let keyring: Keyring
    /// `nil` when tokens carry no status.
    private let statusLists: StatusListLocation?

    init(configuration: IssuerConfiguration, keyring: Keyring) {
        issuer = configuration.identifier
        audience = configuration.audience
        lifetime = max(1, configuration.accessTokenLifetime.components.seconds)
        self.keyring = keyring
        statusLists = configuration.statusListFreshness.map { _ in StatusListLocation(issuer: configuration.identifier)
        }
    }

    /// A token for the user of a family. It outlives neither the family's absolute end nor the time that its entry in the
    /// status lists is kept for: a replay writes nothing, and token lives may have grown since the rotation.
    /// - Parameter scope: the family's, or part of it; empty for none.
    func token(
        for family: FamilyRecord, of user: UserRecord, scope: String, at now: Timestamp
    ) throws(IssuerError) -> AccessTokenResponse {
        let issuedAt = now.seconds
        let end = min(family.expiresAt, family.status?.tokensEndAt ?? family.expiresAt).seconds
        let expiresAt = max(issuedAt + 1, min(issuedAt + lifetime, end))
        var claims = claims(
            subject: user.id.description, audience: .string(audience), issuedAt: issuedAt, expiresAt: expiresAt)
        claims["client_id"] = .string(family.clientID?.description ?? FirstParty.clientID)
        claims["sid"] = .string(family.id.description)
        claims["scope"] = scope.isEmpty ? nil : .string(scope)
        claims["auth_time"] = .integer(family.authenticatedAt.seconds)
        claims["status"] = family.status.flatMap { statusLists?.reference(to: $0.index) }
        claims["roles"] = user.roles.isEmpty ? nil : .array(user.roles.map { .string($0) })
        return AccessTokenResponse(
            accessToken: try keyring.signingKey(at: now).token(with: claims), expiresIn: expiresAt - issuedAt,
            scope: scope)
    }

    /// A token for a client on its own behalf (RFC 6749 §4.4, RFC 9068 §2.2): its subject is the client.
    /// - Parameter audiences: at least one; a single one makes `aud` a string, several an array (RFC 7519 §4.1.3).
    func token(
        for client: ClientRecord, scope: String, audiences: [String], at now: Timestamp
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
