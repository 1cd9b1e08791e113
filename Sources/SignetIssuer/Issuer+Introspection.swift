package import JOSE
import SignetStore
import SignetVerifier

extension Issuer {
    /// What a token is worth now (RFC 7662).
    ///
    /// An access token is active while it has not expired, was not revoked, and its session and user, or its client,
    /// are in good standing; a refresh token while it is the current one of a living family. A client is told only of
    /// access tokens for the issuer's own audience and for those of the client (RFC 7662 §4, RFC 9701 §5): who looks at
    /// `active` alone is not to accept what another service has been sent. A refresh token opens nothing, so its answer
    /// has `token_type` `refresh_token` and neither `aud` nor `scope`: who checks any of them does not accept it.
    /// - Parameters:
    ///   - token: of either kind; no hint is needed to tell them apart.
    ///   - client: as ``authenticate(clientID:secret:)`` returned it.
    /// - Throws: `insufficientPermission` when the client may not introspect, `storeUnavailable`,
    ///   `cryptographyUnavailable`, `internal`.
    package func introspect(_ token: String, by client: Client) async throws -> IntrospectionResult {
        guard client.mayIntrospect else {
            throw IssuerError(.insufficientPermission, "client \(client.id) may not introspect")
        }
        let now = now()
        return try IssuerError.translating {
            if let refreshToken = RefreshToken(token) { return try introspect(refreshToken, at: now) }
            guard let accessToken = try accessTokenCheck.goodToken(token, at: now), isMeant(accessToken, for: client)
            else { return .inactive }
            return try introspect(accessToken, at: now)
        }
    }

    private func isMeant(_ token: VerifiedToken, for client: Client) -> Bool {
        token.audience.contains { name in
            name.isExactly(configuration.audience) || client.audiences.contains(where: name.isExactly)
        }
    }

    private func introspect(_ token: VerifiedToken, at now: Timestamp) throws -> IntrospectionResult {
        switch try store.read({ try TokenStatus(of: token, in: $0, at: now) }) {
        case .user, .client:
            var claims = token.claims
            claims["token_type"] = "Bearer"
            // Who asks the issuer has the answer and needs no list.
            claims["status"] = nil
            return .active(claims)
        case .userMissing, .ended:
            return .inactive
        }
    }

    private func introspect(_ token: RefreshToken, at now: Timestamp) throws -> IntrospectionResult {
        let (family, isActive) = try store.read { reader in
            let family = try reader.family(id: token.familyID)
            let user = try family.flatMap { try reader.user(id: $0.userID) }
            return (
                user.flatMap { family?.applyingCutoff(of: $0) } ?? family, user.map { $0.disabledAt == nil } ?? false
            )
        }
        guard try refreshTokens.isGenuine(token, of: family), let family, isActive, family.isAlive(at: now),
            token.generation == family.generation
        else { return .inactive }
        return .active([
            "iss": .string(configuration.identifier),
            "sub": .string(family.userID.description),
            "exp": .integer(min(family.expiresAt, family.idleExpiresAt).seconds),
            "iat": .integer(family.rotatedAt.seconds),
            "client_id": .string(family.clientID?.description ?? FirstParty.clientID),
            "sid": .string(family.id.description),
            "token_type": "refresh_token",
        ])
    }
}

/// What the issuer says about a token (RFC 7662 §2.2).
package enum IntrospectionResult: Sendable, Hashable {
    /// Not a token, not ours, expired, revoked, or of somebody who may use it no more: the answer never tells which.
    case inactive
    /// All members but `active`. No personal data.
    case active(JSONObject)

    /// The whole answer, ready to be written.
    package var json: JSONObject {
        switch self {
        case .inactive:
            return ["active": false]
        case .active(let claims):
            var answer: JSONObject = ["active": true]
            for member in claims.members { answer[member.name] = member.value }
            return answer
        }
    }
}

extension Issuer {
    /// The answer about a token as a JWT for the client that asked (RFC 9701 section 5): `typ` is
    /// `token-introspection+jwt`, and it has neither `sub` nor `exp`, so that nothing takes it for an access token.
    /// - Throws: `internal` when it cannot be signed.
    package func signed(_ introspection: IntrospectionResult, for client: Client) throws(IssuerError) -> String {
        let now = now()
        let claims: JSONObject = [
            "iss": .string(configuration.identifier), "aud": .string(client.id.description),
            "iat": .integer(now.seconds),
            "token_introspection": .object(introspection.json),
        ]
        return try keyring.signingKey(at: now).token(with: claims, type: "token-introspection+jwt")
    }
}
