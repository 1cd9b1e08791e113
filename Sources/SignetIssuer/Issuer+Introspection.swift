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
    ///   - clientID: the id of the client that asks.
    ///   - secret: the secret of the client.
    /// - Returns: an inquiry. Its answer throws `invalidClient` if the client is unknown or the secret is wrong;
    ///   `insufficientPermission` if the client may not introspect; `busy` or `storeUnavailable` if the store or a key
    ///   cannot be read; `cryptographyUnavailable` if memory ran out; `internal` for any other failure.
    package func introspectionInquiry(
        of token: String, clientID: String, secret: String, from source: RequestSource = .unknown
    ) -> Inquiry<(result: IntrospectionResult, client: Client)> {
        introspectionInquiry(of: token, loading: ClientID(clientID)) { record in
            try self.client(record, secret: secret, from: source)
        }
    }

    /// Introspects a token for the client that `identify` returns.
    /// - Parameter clientID: the client whose record `identify` gets.
    func introspectionInquiry(
        of token: String, loading clientID: ClientID?, identify: @escaping (ClientRecord?) throws -> Client
    ) -> Inquiry<(result: IntrospectionResult, client: Client)> {
        let now = now()
        let subject = IntrospectionSubject(token, check: accessTokenCheck, at: now)
        var lookup = StoreLookup(client: clientID)
        switch subject {
        case .refreshToken(let token): lookup.session = token.familyID
        case .accessToken(let token): lookup.token = TokenStatus.key(of: token)
        case .invalid, .unchecked: break
        }
        return Inquiry(of: store, loading: lookup) { loaded in
            let client = try identify(loaded.client)
            guard client.mayIntrospect else {
                throw IssuerError(.insufficientPermission, "client \(client.id) may not introspect")
            }
            let result = try IssuerError.translating {
                try self.result(of: subject, for: client, with: loaded, at: now)
            }
            return (result, client)
        }
    }

    private func result(
        of subject: IntrospectionSubject, for client: Client, with loaded: LoadedRecords, at now: Timestamp
    ) throws -> IntrospectionResult {
        switch subject {
        case .refreshToken(let token): return try result(of: token, for: client, with: loaded.session, at: now)
        case .accessToken(let token):
            guard isVisible(token, to: client) else { return .inactive }
            switch TokenStatus(of: token, with: loaded.token, at: now) {
            case .user, .client: return try .accessToken(token.payload)
            case .userMissing, .ended: return .inactive
            }
        case .invalid: return .inactive
        case .unchecked(let error): throw error
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

    private func result(
        of token: RefreshToken, for client: Client, with records: SessionRecords?, at now: Timestamp
    ) throws -> IntrospectionResult {
        let subject = records.map(FamilyAndUser.init)
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

/// A token that a client asks about, before the store was read.
private enum IntrospectionSubject {
    case refreshToken(RefreshToken)
    /// An access token whose signature, claims and times are right.
    case accessToken(VerifiedToken)
    /// The text is neither a refresh token nor a valid access token.
    case invalid
    /// The signature could not be checked. The error says why.
    case unchecked(IssuerError)

    init(_ text: String, check: AccessTokenCheck, at now: Timestamp) {
        if let refreshToken = RefreshToken(text) {
            self = .refreshToken(refreshToken)
            return
        }
        do {
            self = try check.validToken(text, at: now).map { .accessToken($0) } ?? .invalid
        } catch {
            self = .unchecked(error)
        }
    }
}
