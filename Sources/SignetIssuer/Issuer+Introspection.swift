package import JOSE
import SignetKeyring
import SignetStore
import SignetVerifier

/// The response to a token introspection (RFC 7662 §2.2).
package enum IntrospectionResult: Sendable, Hashable {
    /// The token is malformed, from another issuer, expired or revoked, or the client may not see the token. The
    /// response does not give the reason.
    case inactive
    /// The token is active. The bytes are the whole response object as JSON, with `"active":true` and without personal
    /// data.
    case active([UInt8])

    /// The response object as JSON.
    package var body: [UInt8] {
        switch self {
        case .inactive: Self.inactiveBody
        case .active(let body): body
        }
    }

    /// The response object.
    package var json: JSONObject { (try? JSONObject(parsing: body)) ?? ["active": false] }

    private static let inactiveBody = Array(#"{"active":false}"#.utf8)
    private static let activeStart = Array(#"{"active":true,"#.utf8)
    private static let bearerEnd = Array(#""token_type":"Bearer"}"#.utf8)

    /// The response for an access token: the token's claims without `status`, and `token_type`.
    ///
    /// The claim `status` refers to a status list. The caller does not need that list, because the response already
    /// says that the token is active.
    /// - Parameter payload: the token's claims set, a JSON object.
    fileprivate static func accessToken(_ payload: [UInt8]) throws(JSONError) -> IntrospectionResult {
        var body = activeStart
        body.reserveCapacity(payload.count + 64)
        try JSONMembers.append(of: payload.span, except: ["status", "token_type", "active"], to: &body)
        body += bearerEnd
        return .active(body)
    }

    /// The response for a refresh token.
    /// - Parameter members: the members besides `active`.
    fileprivate static func refreshToken(_ members: JSONObject) -> IntrospectionResult {
        var answer: JSONObject = ["active": true]
        for member in members.members { answer[member.name] = member.value }
        return .active(JSONValue.object(answer).serialized())
    }
}

extension Issuer {
    /// Introspects an access token or a refresh token (RFC 7662).
    ///
    /// An access token is active until it expires or is revoked, its session ends, its user is disabled or deleted, or
    /// its client is deleted. If the token's audiences include neither the issuer's own audience nor an audience of the
    /// client, the answer is `inactive` (RFC 7662 §4, RFC 9701 §5). A service that reads only `active` therefore does
    /// not accept tokens for other services.
    ///
    /// A refresh token is active if it is the current token of a live session and was issued to `client`. Refresh
    /// tokens of a login through the issuer's own `/api` were issued to no registered client, so they are inactive for
    /// all. The answer has `token_type` `refresh_token` and neither `aud` nor `scope`, so that no service accepts the
    /// token as an access token.
    /// - Parameters:
    ///   - token: an access token or a refresh token; no hint is needed.
    ///   - client: the client that ``authenticate(clientID:secret:from:)`` returned.
    /// - Throws: `insufficientPermission` if the client may not introspect; `busy` or `storeUnavailable` if the store
    ///   or a key cannot be read; `cryptographyUnavailable` if memory ran out; `internal` for any other failure.
    package func introspect(_ token: String, by client: Client) throws -> IntrospectionResult {
        guard client.mayIntrospect else {
            throw IssuerError(.insufficientPermission, "client \(client.id) may not introspect")
        }
        let now = now()
        return try IssuerError.translating {
            if let refreshToken = RefreshToken(token) { return try introspect(refreshToken, by: client, at: now) }
            guard let accessToken = try accessTokenCheck.validToken(token, at: now), isVisible(accessToken, to: client)
            else { return .inactive }
            return try introspect(accessToken, at: now)
        }
    }

    /// The introspection response as a JWT for the client that asked (RFC 9701 §5).
    ///
    /// The JWT has the type `token-introspection+jwt` and neither `sub` nor `exp`, so that no verifier accepts it as an
    /// access token.
    /// - Throws: `internal` or `storeUnavailable` if there is no key to sign with.
    package func signed(_ introspection: IntrospectionResult, for client: Client) throws(IssuerError) -> String {
        let now = now()
        let claims: JSONObject = [
            "iss": .string(configuration.identifier), "aud": .string(client.id.description),
            "iat": .integer(now.seconds),
            "token_introspection": .object(introspection.json),
        ]
        return try keyring.requireSigningKey(at: now).signedToken(with: claims, type: "token-introspection+jwt")
    }

    private func isVisible(_ token: VerifiedToken, to client: Client) -> Bool {
        token.audience.contains { name in
            name.isExactly(configuration.audience) || client.audiences.contains(where: name.isExactly)
        }
    }

    private func introspect(_ token: VerifiedToken, at now: Timestamp) throws -> IntrospectionResult {
        switch try store.read({ try TokenStatus(of: token, in: $0, at: now) }) {
        case .user, .client:
            return try .accessToken(token.payload)
        case .userMissing, .ended:
            return .inactive
        }
    }

    private func introspect(
        _ token: RefreshToken, by client: Client, at now: Timestamp
    ) throws -> IntrospectionResult {
        let subject = try store.read { reader in
            try reader.family(id: token.familyID).map { try FamilyAndUser($0, in: reader) }
        }
        guard try refreshTokens.isGenuine(token, of: subject?.family), let subject, subject.userIsActive,
            subject.family.clientID == client.id, subject.family.isAlive(at: now),
            token.generation == subject.family.generation
        else { return .inactive }
        let family = subject.family
        return .refreshToken([
            "iss": .string(configuration.identifier),
            "sub": .string(family.userID.description),
            "exp": .integer(min(family.expiresAt, family.idleExpiresAt).seconds),
            "iat": .integer(family.rotatedAt.seconds),
            "client_id": .string(client.id.description),
            "sid": .string(family.id.description),
            "token_type": "refresh_token",
        ])
    }
}
