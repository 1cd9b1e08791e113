import HTTPFetching
import HTTPTypes
import JOSE
import SignetIssuer

// This folder holds the JSON API below `/api`: registration, login, tokens, sessions and the account. An endpoint
// decodes the request, calls one operation of `Issuer`, and encodes the result. The rules are in `Issuer`.

/// The endpoints for registration, login, profile, token refresh and logout.
struct FirstPartyEndpoints: Sendable {
    let issuer: Issuer
    let browser: BrowserPolicy

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .get, "/", statuses: [200],
                .immediate { _ in
                    .json(Array("Signet API is running\n".utf8), contentType: "text/plain; charset=utf-8")
                }),
            Endpoint(.post, "/api/register", statuses: [201, 400, 413, 415, 503], .suspending(register)),
            Endpoint(.post, IssuerPath.login, statuses: [200, 400, 401, 403, 413, 415, 429, 503], .suspending(login)),
            Endpoint(.get, "/api/profile", statuses: [200, 401, 403, 404, 503], .inquiring(profile)),
            Endpoint(
                .post, IssuerPath.refreshToken, statuses: [200, 400, 401, 403, 415, 503], .suspending(refreshToken)),
            Endpoint(.post, IssuerPath.logout, statuses: [200, 400, 403, 413, 415, 503], .suspending(logout)),
        ]
    }

    @Sendable
    private func register(_ request: APIRequest) async throws -> APIResponse {
        var fields = BodyFields(try request.jsonObject())
        let name = fields.text("name")
        let email = fields.text("email")
        let password = fields.text("password")
        let user = try await issuer.register(
            name: name, email: email, password: password, decodingFaults: fields.faults,
            from: request.source)
        return .json(UserBody.summary(user), status: .created)
    }

    @Sendable
    private func login(_ request: APIRequest) async throws -> APIResponse {
        let source = request.source
        var fields = BodyFields(try request.jsonObject())
        let email = fields.text("email")
        let password = fields.text("password")
        let deviceName = fields.text("deviceName")
        let audiences = fields.texts("audience", atMost: LoginPolicy.maximumAudiences)
        let scope = fields.text("scope")
        let delivery = fields.choice("delivery", default: TokenDelivery.body)
        // Without this check, a page of another site could log the browser in to an attacker's account.
        if delivery == .cookie { try browser.checkSource(of: request.fields) }
        let (tokens, user) = try await issuer.login(
            email: email, password: password, from: source, deviceName: deviceName, audiences: audiences, scope: scope,
            decodingFaults: fields.faults)
        return answer(tokens, delivery: delivery, adding: ["user": .object(UserBody.summary(user))])
    }

    @Sendable
    private func profile(_ request: APIRequest) throws -> Inquiry<APIResponse> {
        let token = try request.accessToken()
        return try issuer.profileInquiry(accessToken: token).map { .json(UserBody.profile($0)) }
    }

    @Sendable
    private func refreshToken(_ request: APIRequest) async throws -> APIResponse {
        let source = request.source
        let body: JSONObject
        do {
            body = try request.jsonObject()
        } catch RequestRefusal.bodyTooLarge {
            // A body over the size limit cannot hold a valid refresh token. Use a token that is certainly invalid, so
            // that the response is 401, as for any invalid refresh token.
            body = ["refreshToken": "too long"]
        }
        let (token, delivery) = try presentedToken(body, request.fields)
        var fields = BodyFields(body)
        let target = AudienceRequest(
            resources: [], audiences: fields.texts("audience", atMost: LoginPolicy.maximumAudiences))
        let scope = fields.text("scope")
        try fields.check()
        let tokens = try await issuer.refresh(token, scope: scope, for: target, from: source)
        return answer(tokens, delivery: delivery)
    }

    @Sendable
    private func logout(_ request: APIRequest) async throws -> APIResponse {
        let (token, delivery) = try presentedToken(try request.jsonObject(), request.fields)
        try await issuer.logout(refreshToken: token, from: request.source)
        return .json(
            ["message": "Logged out successfully"],
            fields: delivery == .cookie ? browser.cookie.clearing(from: request.fields) : [:])
    }

    private func answer(
        _ tokens: IssuedTokens, delivery: TokenDelivery, adding members: JSONObject = [:]
    ) -> APIResponse {
        var body = TokenBody.pair(tokens, delivery: delivery)
        for member in members.members { body[member.name] = member.value }
        let fields =
            switch delivery {
            case .body: HTTPFields()
            case .cookie: browser.cookie.setting(tokens.refreshToken, lifetime: tokens.refreshExpiresIn)
            }
        return .json(body, fields: fields)
    }

    /// Returns the refresh token from the body or, if the body has none, from the cookie.
    /// - Throws: ``Problem/refreshTokenRequired`` if the token is missing, empty or not a string;
    ///   ``Problem/originNotAllowed`` if the token is in the cookie and the page's origin is not allowed.
    private func presentedToken(
        _ body: JSONObject, _ fields: HeaderFields
    ) throws -> (token: String, delivery: TokenDelivery) {
        switch body["refreshToken"] {
        case .string(let token) where !token.isEmpty:
            return (token, .body)
        case nil, .null:
            guard let token = try browser.cookie.token(in: fields) else { throw Problem.refreshTokenRequired }
            try browser.checkSource(of: fields)
            return (token, .cookie)
        default:
            throw Problem.refreshTokenRequired
        }
    }
}

/// Where a first-party app receives and sends refresh tokens.
enum TokenDelivery: String, CaseIterable {
    /// The refresh token is in the JSON body, for apps that store tokens themselves.
    case body
    /// The refresh token is in a cookie that scripts cannot read, for pages in a browser.
    case cookie
}
