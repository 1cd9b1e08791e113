import HTTPFetching
import JOSE
import SharedState
import SignetVerifier

/// A user of a ``TestIssuer``, who can log in.
struct TestUser: Sendable {
    let id: String
    let name: String
    let email: String
    let password: String
}

/// A client of a ``TestIssuer``. It may introspect tokens, and get tokens with the grant `client_credentials`.
struct TestClient: Sendable {
    let id: String
    let secret: String
    let scopes: Set<String>
}

/// A session of a ``TestUser``. Its refresh tokens have the form `srt_test.<sid>.<number>`. Each rotation increases the
/// number by one.
struct TestSession: Sendable {
    let user: TestUser
    /// The audiences that the login requested; empty for the issuer's ``TestIssuer/audience``.
    let audiences: [String]
    let scopes: Set<String>
    /// The number of the current refresh token.
    var generation = 1
}

extension TestIssuer {
    /// The lifetimes, in seconds, of the access tokens and refresh tokens that sessions get.
    static let lifetimes: (access: Int64, refresh: Int64) = (900, 604_800)

    /// Adds a user who can log in.
    ///
    /// - Parameters:
    ///   - email: The address that the user logs in with.
    ///   - password: The password that the user logs in with.
    ///   - name: The name that the answer to a login contains.
    ///   - id: `sub` of the user's tokens.
    public func addUser(
        email: String, password: String, name: String = "Test User", id: String = "user-1"
    ) {
        let user = TestUser(id: id, name: name, email: email, password: password)
        state.withLock { $0.users.append(user) }
    }

    /// Allows logins to request more than the issuer's ``audience`` and the scope `account`, as the settings
    /// `SIGNET_LOGIN_AUDIENCES` and `SIGNET_LOGIN_SCOPES` do. A login that requests anything else gets 400.
    public func allowLogins(audiences: Set<String> = [], scopes: Set<String> = []) {
        state.withLock { state in
            state.loginAudiences.formUnion(audiences)
            state.loginScopes.formUnion(scopes)
        }
    }

    /// Adds a client. The client may introspect tokens, and get tokens for itself (grant `client_credentials`) with any
    /// of `scopes`.
    public func addClient(id: String, secret: String, scopes: Set<String> = []) {
        let client = TestClient(id: id, secret: secret, scopes: scopes)
        state.withLock { $0.clients.append(client) }
    }

    /// Ends a session: its refresh tokens are refused, and its access tokens introspect as inactive.
    ///
    /// - Parameter sessionID: `sid` of the session's tokens. The session may also be one for which the test only minted
    ///   tokens.
    public func endSession(_ sessionID: String) {
        state.withLock { state in
            state.sessions[sessionID] = nil
            state.endedSessions.insert(sessionID)
        }
    }

    /// The `sid` of every open session, in no particular order. A login opens a session.
    public var sessionIDs: [String] { state.withLock { Array($0.sessions.keys) } }

    func answerToPost(_ request: HTTPFetchRequest) throws -> HTTPFetchResponse {
        switch request.url {
        case issuer + IssuerPath.login: try logIn(request)
        case issuer + IssuerPath.refreshToken: try refresh(request)
        case issuer + IssuerPath.logout: logOut(request)
        case issuer + IssuerPath.token: try clientToken(request)
        case introspectionURL: try introspect(request)
        default: HTTPFetchResponse(status: 405)
        }
    }

    private func logIn(_ request: HTTPFetchRequest) throws -> HTTPFetchResponse {
        let body = try? JSONObject(parsing: request.body)
        let (audiences, scopes) = Self.requested(by: body)
        let (allowedAudiences, allowedScopes) = state.withLock { state in
            (state.loginAudiences.union([audience]), state.loginScopes.union(["account"]))
        }
        for (field, isAllowed) in [
            ("audience", audiences.allSatisfy(allowedAudiences.contains)),
            ("scope", scopes.isSubset(of: allowedScopes)),
        ] where !isAllowed {
            return Self.json(
                ["code": "invalid_input", "message": .string("\(field) is not one that a login may request")],
                status: 400)
        }
        let session = state.withLock { state -> (id: String, session: TestSession)? in
            let user = state.users.first {
                $0.email == body?["email"]?.string && $0.password == body?["password"]?.string
            }
            guard let user else { return nil }
            state.sessionCount += 1
            let id = "test-session-\(state.sessionCount)"
            let session = TestSession(user: user, audiences: audiences, scopes: scopes)
            state.sessions[id] = session
            return (id, session)
        }
        guard let (id, session) = session else { return Self.json(["code": "invalid_credentials"], status: 401) }
        var answer = try pair(sessionID: id, session)
        let user = session.user
        answer["user"] = .object([
            "_id": .string(user.id), "name": .string(user.name), "email": .string(user.email),
        ])
        return Self.json(answer)
    }

    /// The audiences and the scopes that the body of a login request names.
    private static func requested(by body: JSONObject?) -> (audiences: [String], scopes: Set<String>) {
        let audience = body?["audience"]
        let audiences = audience?.array?.compactMap(\.string) ?? audience?.string.map { [$0] } ?? []
        let scopes = body?["scope"]?.string?.split(separator: " ").map(String.init) ?? []
        return (audiences, scopes.isEmpty ? ["account"] : Set(scopes))
    }

    /// Answers a refresh request. If the request has the session's current refresh token, the answer has the next one.
    /// If the request has the previous refresh token, the answer has the current one again, as in the reuse window of
    /// Signet's issuer. Any other refresh token ends the session.
    private func refresh(_ request: HTTPFetchRequest) throws -> HTTPFetchResponse {
        guard let (sessionID, presented) = Self.refreshToken(in: request) else {
            return Self.json(["code": "invalid_refresh_token"], status: 401)
        }
        let session = state.withLock { state -> TestSession? in
            guard var session = state.sessions[sessionID] else { return nil }
            switch presented {
            case session.generation:
                session.generation += 1
                state.sessions[sessionID] = session
            case session.generation - 1: break
            default:
                state.sessions[sessionID] = nil
                state.endedSessions.insert(sessionID)
                return nil
            }
            return session
        }
        guard let session else { return Self.json(["code": "refresh_token_dead"], status: 401) }
        return Self.json(try pair(sessionID: sessionID, session))
    }

    private func logOut(_ request: HTTPFetchRequest) -> HTTPFetchResponse {
        if let (sessionID, _) = Self.refreshToken(in: request) { endSession(sessionID) }
        return Self.json(["message": "Logged out successfully"])
    }

    private func clientToken(_ request: HTTPFetchRequest) throws -> HTTPFetchResponse {
        guard let client = client(of: request) else { return Self.json(["error": "invalid_client"], status: 401) }
        let form = Self.form(request.body)
        guard form["grant_type"] == "client_credentials" else {
            return Self.json(["error": "unsupported_grant_type"], status: 400)
        }
        let asked = form["scope"].map { Set($0.split(separator: " ").map(String.init)) } ?? client.scopes
        guard asked.isSubset(of: client.scopes) else { return Self.json(["error": "invalid_scope"], status: 400) }
        let token = try token(
            subject: client.id, scopes: asked, clientID: client.id, sessionID: nil)
        return Self.json([
            "access_token": .string(token), "token_type": "Bearer", "expires_in": .integer(Self.lifetimes.access),
        ])
    }

    private func pair(sessionID: String, _ session: TestSession) throws -> JSONObject {
        let names = session.audiences.map { JSONValue.string($0) }
        let token = try token(
            subject: session.user.id, scopes: session.scopes, sessionID: sessionID,
            lifetime: .seconds(Self.lifetimes.access),
            claims: names.isEmpty ? [:] : ["aud": names.count == 1 ? names[0] : .array(names)])
        return [
            "accessToken": .string(token), "tokenType": "Bearer", "expiresIn": .integer(Self.lifetimes.access),
            "refreshToken": .string("srt_test.\(sessionID).\(session.generation)"),
            "refreshExpiresIn": .integer(Self.lifetimes.refresh),
        ]
    }

    private static func refreshToken(in request: HTTPFetchRequest) -> (sessionID: String, generation: Int)? {
        guard let text = (try? JSONObject(parsing: request.body))?["refreshToken"]?.string else { return nil }
        let parts = text.split(separator: ".")
        guard parts.count == 3, parts[0] == "srt_test", let generation = Int(parts[2]) else { return nil }
        return (String(parts[1]), generation)
    }

    // MARK: Requests and responses

    /// The client whose id and secret are in the request's `Authorization: Basic` field; `nil` if no client matches.
    func client(of request: HTTPFetchRequest) -> TestClient? {
        let field = request.headers.first { $0.name.lowercased() == "authorization" }
        guard let field, let credentials = BasicCredentials(authorization: field.value) else { return nil }
        return state.withLock { state in
            state.clients.first { $0.id == credentials.clientID && $0.secret == credentials.secret }
        }
    }

    /// Decodes a form (`application/x-www-form-urlencoded`) into values by name. If a name occurs twice, the first
    /// value counts.
    static func form(_ body: [UInt8]) -> [String: String] {
        var form: [String: String] = [:]
        for pair in body.split(separator: UInt8(ascii: "&")) {
            let parts = pair.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2, let name = FormCoding.decode(parts[0]), let value = FormCoding.decode(parts[1]),
                form[name] == nil
            else { continue }
            form[name] = value
        }
        return form
    }

    static func json(_ body: JSONObject, status: Int = 200) -> HTTPFetchResponse {
        HTTPFetchResponse(
            status: status, headers: [HTTPFetchField("content-type", "application/json")], body: body.serialized())
    }
}
