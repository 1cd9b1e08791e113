import HTTPTypes
import Hummingbird
import JOSE
import SignetIssuer

// This folder holds the JSON API below `/api`: registration, login, tokens, sessions and the account. It decodes
// requests, calls one issuer operation each, and encodes the result. It decides nothing and sees no storage record.

/// The routes for registration, login, profile, token refresh and logout.
struct FirstPartyRoutes: Sendable {
    let issuer: Issuer
    let browser: BrowserPolicy

    var routes: [Route] {
        [
            Route(.get, "/", statuses: [200]) { _, _ in
                Response(
                    status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: "Signet API is running\n")))
            },
            Route(.post, "/api/register", statuses: [201, 400, 413, 415, 503], handler: register),
            Route(.post, "/api/login", statuses: [200, 400, 401, 403, 413, 415, 429, 503], handler: login),
            Route(.get, "/api/profile", statuses: [200, 401, 404, 503], handler: profile),
            Route(
                .post, "/api/refresh-token", statuses: [200, 400, 401, 403, 415, 503], handler: refreshToken),
            Route(.post, "/api/logout", statuses: [200, 400, 403, 413, 415, 503], handler: logout),
        ]
    }

    @Sendable
    private func register(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        var fields = RequestFields(try await request.jsonObject(in: context))
        let name = fields.text("name")
        let email = fields.text("email")
        let password = fields.text("password")
        let user = try await issuer.register(
            name: name, email: email, password: password, decodingFaults: fields.faults,
            from: request.source(in: context))
        return .json(UserBody.summary(user), status: .created)
    }

    @Sendable
    private func login(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let source = request.source(in: context)
        var fields = RequestFields(try await request.jsonObject(in: context))
        let email = fields.text("email")
        let password = fields.text("password")
        let deviceName = fields.text("deviceName")
        let delivery = fields.choice("delivery", default: TokenDelivery.body)
        // Without this check, a page of another site could log the browser in to an attacker's account.
        if delivery == .cookie { try browser.checkSource(of: request.headers) }
        let (tokens, user) = try await issuer.login(
            email: email, password: password, from: source, deviceName: deviceName,
            decodingFaults: fields.faults)
        return answer(tokens, delivery: delivery, adding: ["user": .object(UserBody.summary(user))])
    }

    @Sendable
    private func profile(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let token = try request.accessToken()
        return .json(UserBody.profile(try await issuer.profile(accessToken: token)))
    }

    @Sendable
    private func refreshToken(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let source = request.source(in: context)
        let body: JSONObject
        do {
            body = try await request.jsonObject(in: context)
        } catch RequestRefusal.bodyTooLarge {
            // A body over the size limit cannot hold a valid refresh token. This invalid token makes the issuer answer
            // 401.
            body = ["refreshToken": "too long"]
        }
        let (token, delivery) = try presentedToken(body, request.headers)
        return answer(try await issuer.refresh(token, from: source), delivery: delivery)
    }

    @Sendable
    private func logout(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let (token, delivery) = try presentedToken(try await request.jsonObject(in: context), request.headers)
        try await issuer.logout(refreshToken: token, from: request.source(in: context))
        return .json(
            ["message": "Logged out successfully"],
            headers: delivery == .cookie ? browser.cookie.clearing(from: request.headers) : [:])
    }

    private func answer(
        _ tokens: IssuedTokens, delivery: TokenDelivery, adding members: JSONObject = [:]
    ) -> Response {
        var body = TokenBody.pair(tokens, delivery: delivery)
        for member in members.members { body[member.name] = member.value }
        let headers =
            switch delivery {
            case .body: HTTPFields()
            case .cookie: browser.cookie.setting(tokens.refreshToken, lifetime: tokens.refreshExpiresIn)
            }
        return .json(body, headers: headers)
    }

    /// Returns the refresh token from the body or, if the body has none, from the cookie.
    /// - Throws: ``Problem/refreshTokenRequired`` if the token is missing, empty or not a string;
    ///   ``Problem/originNotAllowed`` if it is in the cookie and the page's origin is not allowed.
    private func presentedToken(
        _ body: JSONObject, _ headers: HTTPFields
    ) throws -> (token: String, delivery: TokenDelivery) {
        switch body["refreshToken"] {
        case .string(let token) where !token.isEmpty:
            return (token, .body)
        case nil, .null:
            guard let token = try browser.cookie.token(in: headers) else { throw Problem.refreshTokenRequired }
            try browser.checkSource(of: headers)
            return (token, .cookie)
        default:
            throw Problem.refreshTokenRequired
        }
    }
}

/// Where a first-party app receives and sends refresh tokens.
enum TokenDelivery: String, CaseIterable {
    /// In the JSON body, for apps that store tokens themselves.
    case body
    /// In a cookie that scripts cannot read, for pages in a browser.
    case cookie
}
