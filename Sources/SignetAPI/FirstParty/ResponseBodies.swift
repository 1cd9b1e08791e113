import JOSE
import SignetIssuer
import SignetStore

/// The JSON of a user.
enum UserBody {
    /// The user in a response to registration or login.
    static func summary(_ user: User) -> JSONObject {
        ["_id": .string(user.id.description), "name": .string(user.name), "email": .string(user.email)]
    }

    /// The response to `GET /api/profile`.
    static func profile(_ user: User) -> JSONObject {
        var body = summary(user)
        body["createdAt"] = .string(user.createdAt.rfc3339Milliseconds)
        body["updatedAt"] = .string(user.updatedAt.rfc3339Milliseconds)
        return body
    }
}

/// The JSON of an access and a refresh token.
enum TokenBody {
    /// The response that delivers new tokens. It has no `refreshToken` if a cookie delivers the refresh token.
    static func pair(_ tokens: IssuedTokens, delivery: TokenDelivery) -> JSONObject {
        var body: JSONObject = [
            "accessToken": .string(tokens.accessToken), "tokenType": "Bearer", "expiresIn": .integer(tokens.expiresIn),
            "refreshExpiresIn": .integer(tokens.refreshExpiresIn),
        ]
        if delivery == .body { body["refreshToken"] = .string(tokens.refreshToken) }
        return body
    }
}

/// The JSON of a user's sessions.
enum SessionBody {
    /// The response to `GET /api/sessions`.
    static func page(_ page: SessionPage) -> JSONObject {
        var body: JSONObject = [
            "sessions": .array(page.sessions.map { .object(session($0, isCurrent: $0.id == page.currentID)) })
        ]
        if let next = page.next { body["nextCursor"] = .string(SessionCursor(next).text) }
        return body
    }

    private static func session(_ session: Session, isCurrent: Bool) -> JSONObject {
        [
            "id": .string(session.id.description), "device": .string(session.device),
            "createdAt": .string(session.createdAt.rfc3339Milliseconds),
            "createdAddress": .string(session.createdAddress),
            "lastUsedAt": .string(session.lastUsedAt.rfc3339Milliseconds),
            "lastUsedAddress": .string(session.lastUsedAddress),
            "expiresAt": .string(session.expiresAt.rfc3339Milliseconds), "current": .bool(isCurrent),
        ]
    }
}
