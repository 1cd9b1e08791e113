import HTTPTypes
import Hummingbird
import SignetIssuer

/// The routes that change the password or delete the account. Both require the current password.
struct AccountRoutes: Sendable {
    let issuer: Issuer
    let browser: BrowserPolicy

    var routes: [Route] {
        let statuses: Set = [204, 400, 401, 404, 413, 415, 429, 503]
        return [
            Route(.post, "/api/password", statuses: statuses, handler: changePassword),
            Route(.delete, "/api/account", statuses: statuses, handler: deleteAccount),
        ]
    }

    @Sendable
    private func changePassword(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let token = try request.accessToken()
        var fields = RequestFields(try await request.jsonObject(in: context))
        let current = fields.text("currentPassword")
        let new = fields.text("newPassword")
        try await issuer.changePassword(
            accessToken: token, current: current, new: new, decodingFaults: fields.faults,
            from: request.source(in: context))
        return .noContent()
    }

    @Sendable
    private func deleteAccount(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let token = try request.accessToken()
        var fields = RequestFields(try await request.jsonObject(in: context))
        let password = fields.text("password")
        try await issuer.deleteAccount(
            accessToken: token, password: password, decodingFaults: fields.faults, from: request.source(in: context))
        return .noContent(headers: browser.cookie.clearing(from: request.headers))
    }
}
