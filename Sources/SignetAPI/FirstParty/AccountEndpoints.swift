import HTTPTypes
import SignetIssuer

/// The endpoints that change the password or delete the account. Both require the current password.
struct AccountEndpoints: Sendable {
    let issuer: Issuer
    let browser: BrowserPolicy

    var endpoints: [Endpoint] {
        let statuses: Set = [204, 400, 401, 403, 404, 413, 415, 429, 503]
        return [
            Endpoint(.post, "/api/password", statuses: statuses, .suspending(changePassword)),
            Endpoint(.delete, "/api/account", statuses: statuses, .suspending(deleteAccount)),
        ]
    }

    @Sendable
    private func changePassword(_ request: APIRequest) async throws -> APIResponse {
        let token = try request.accessToken()
        var fields = BodyFields(try request.jsonObject())
        let current = fields.text("currentPassword")
        let new = fields.text("newPassword")
        try await issuer.changePassword(
            accessToken: token, current: current, new: new, decodingFaults: fields.faults,
            from: request.source)
        return .noContent()
    }

    @Sendable
    private func deleteAccount(_ request: APIRequest) async throws -> APIResponse {
        let token = try request.accessToken()
        var fields = BodyFields(try request.jsonObject())
        let password = fields.text("password")
        try await issuer.deleteAccount(
            accessToken: token, password: password, decodingFaults: fields.faults, from: request.source)
        return .noContent(fields: browser.cookie.clearing(from: request.fields))
    }
}
