import HTTPTypes
import Hummingbird
import JOSE
import SignetIssuer
import SignetStore

/// The JSON API for the product's own apps: accounts and their sessions.
struct FirstPartyRoutes: Sendable {
    let issuer: Issuer

    init(issuer: Issuer) { self.issuer = issuer }

    var routes: [Route] {
        [
            Route(.get, "/", statuses: [200]) { _, _ in
                Response(
                    status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
                    body: ResponseBody(byteBuffer: ByteBuffer(string: "Signet API is running\n")))
            },
            Route(.post, "/api/register", statuses: [201, 400, 413, 415, 503], handler: register),
            Route(.post, "/api/login", statuses: [200, 400, 401, 413, 415, 429, 503], handler: login),
            Route(.get, "/api/profile", statuses: [200, 401, 404, 503], handler: profile),
            Route(.post, "/api/refresh-token", statuses: [200, 400, 401, 413, 415, 503], handler: refreshToken),
            Route(.post, "/api/logout", statuses: [200, 400, 413, 415, 503], handler: logout),
        ]
    }

    @Sendable
    private func register(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        var fields = RequestFields(try await request.jsonObject(in: context))
        let name = fields.requiredText("name")
        let email = fields.requiredText("email")
        let password = fields.requiredText("password")
        guard let name, let email, let password else {
            throw fields.refusal(
                with: issuer.registrationFaults(name: name, email: email, password: password))
        }
        let user = try await issuer.register(
            name: name, email: email, password: password, from: request.origin(in: context))
        return .json(UserBody.summary(user), status: .created)
    }

    @Sendable
    private func login(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        var origin = request.origin(in: context)
        var fields = RequestFields(try await request.jsonObject(in: context))
        let email = fields.requiredText("email")
        let password = fields.requiredText("password")
        let deviceName = fields.optionalText("deviceName")
        guard let email, let password, fields.faults.isEmpty else {
            throw fields.refusal(with: issuer.loginFaults(email: email, password: password))
        }
        if let deviceName { origin = origin.naming(device: deviceName) }
        let (tokens, user) = try await issuer.login(email: email, password: password, from: origin)
        var body = TokenBody.pair(tokens)
        body["user"] = .object(UserBody.summary(user))
        return .json(body)
    }

    @Sendable
    private func profile(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let token = try BearerToken.required(in: request.headers)
        return .json(UserBody.profile(try await issuer.profile(accessToken: token)))
    }

    @Sendable
    private func refreshToken(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let origin = request.origin(in: context)
        let token = try requiredRefreshToken(try await request.jsonObject(in: context))
        return .json(TokenBody.pair(try await issuer.refresh(token, from: origin)))
    }

    @Sendable
    private func logout(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let token = try requiredRefreshToken(try await request.jsonObject(in: context))
        try await issuer.logout(refreshToken: token, from: request.origin(in: context))
        return .json(["message": "Logged out successfully"])
    }

    /// The refresh token of a body; one text for a missing, empty or wrong-typed one.
    private func requiredRefreshToken(_ body: JSONObject) throws -> String {
        guard case .string(let token) = body["refreshToken"], !token.isEmpty else {
            throw Problem(
                status: .badRequest, code: "refresh_token_required", title: "Invalid input",
                message: "Refresh token required",
                fields: [
                    FieldError(field: "refreshToken", code: .required, message: "Refresh token required")
                ])
        }
        return token
    }
}
