// A test program for the Swift client that openapi-generator makes from openapi.yaml (generator swift6, library
// urlsession).

import Foundation
import Signet

let environment = ProcessInfo.processInfo.environment
let email = environment["EMAIL"] ?? ""
let password = "correct horse battery"

/// Returns a configuration of the generated client. `authorization` is the value of the Authorization header. If it is
/// `nil`, the client sends no such header.
func caller(_ authorization: String? = nil) -> SignetAPIConfiguration {
    SignetAPIConfiguration(
        basePath: environment["SIGNET_URL"] ?? "",
        customHeaders: authorization.map { ["Authorization": $0] } ?? [:],
        // The generated client handles responses on the main queue by default, but this program blocks the main queue.
        apiResponseQueue: .global())
}

func basic(_ id: String, _ secret: String) -> String {
    "Basic " + Data("\(id):\(secret)".utf8).base64EncodedString()
}

/// Makes a call that the server must refuse. Returns the status, and the body of the response decoded as `type`.
func refusal<Model: Decodable>(
    _ type: Model.Type, _ call: () async throws(ErrorResponse) -> Void
) async throws -> (Int, Model) {
    do {
        try await call()
    } catch .error(let status, let body, _, _) {
        return (status, try JSONDecoder().decode(type, from: body ?? Data()))
    }
    fatalError("the call was not refused")
}

let anybody = caller()
let orders = caller(basic(environment["CLIENT_ID"] ?? "", environment["CLIENT_SECRET"] ?? ""))

let user = try await AccountsAPI.register(
    registerRequest: RegisterRequest(name: "Ada", email: email, password: password), apiConfiguration: anybody)
print("registered", user.email)

let login = try await AccountsAPI.login(
    loginRequest: LoginRequest(email: email, password: password), apiConfiguration: anybody)
print("logged in", login.user.id == user.id)

let profile = try await AccountsAPI.getProfile(apiConfiguration: caller("Bearer " + login.accessToken))
print("profile", profile.email, profile.createdAt == profile.updatedAt)

let pair = try await AccountsAPI.refreshToken(
    refreshTokenRequest: RefreshTokenRequest(refreshToken: login.refreshToken), apiConfiguration: anybody)
print("refreshed", pair.refreshToken != login.refreshToken, pair.tokenType.rawValue)

let signedIn = caller("Bearer " + pair.accessToken)
let again = LoginRequest(email: email, password: password)
_ = try await AccountsAPI.login(loginRequest: again, apiConfiguration: anybody)
let listed = try await SessionsAPI.listSessions(apiConfiguration: signedIn).sessions
print("sessions", listed.count, listed.count(where: \.current))
for session in listed where !session.current {
    try await SessionsAPI.revokeSession(id: session.id, apiConfiguration: signedIn)
}
print("sessions", try await SessionsAPI.listSessions(apiConfiguration: signedIn).sessions.count)
_ = try await AccountsAPI.login(loginRequest: again, apiConfiguration: anybody)
try await SessionsAPI.revokeSessions(apiConfiguration: signedIn)
print("sessions", try await SessionsAPI.listSessions(apiConfiguration: signedIn).sessions.count)
try await AccountsAPI.changePassword(
    changePasswordRequest: ChangePasswordRequest(currentPassword: password, newPassword: password + "!"),
    apiConfiguration: signedIn)
print("password changed")

print("introspected", try await TokensAPI.introspectToken(token: pair.accessToken, apiConfiguration: orders).active)
let farewell = try await AccountsAPI.logout(
    logoutRequest: LogoutRequest(refreshToken: pair.refreshToken), apiConfiguration: anybody)
print("logged out", farewell.message)
print("introspected", try await TokensAPI.introspectToken(token: pair.accessToken, apiConfiguration: orders).active)

let last = try await AccountsAPI.login(
    loginRequest: LoginRequest(email: email, password: password + "!"), apiConfiguration: anybody)
try await AccountsAPI.deleteAccount(
    deleteAccountRequest: DeleteAccountRequest(password: password + "!"),
    apiConfiguration: caller("Bearer " + last.accessToken))
print("introspected", try await TokensAPI.introspectToken(token: last.accessToken, apiConfiguration: orders).active)
let granted = try await TokensAPI.requestToken(
    grantType: .clientCredentials, scope: "orders.read", apiConfiguration: orders)
print("granted", granted.scope ?? "")

let (invalid, problem) = try await refusal(Problem.self) { () throws(ErrorResponse) in
    _ = try await AccountsAPI.register(
        registerRequest: RegisterRequest(name: "Line\nbreak", email: email, password: password),
        apiConfiguration: anybody)
}
print("refused", invalid, problem.code, problem.errors?.first?.field ?? "", problem.errors?.first?.code.rawValue ?? "")

let (wrong, credentials) = try await refusal(Problem.self) { () throws(ErrorResponse) in
    _ = try await AccountsAPI.login(
        loginRequest: LoginRequest(email: email, password: "wrong"), apiConfiguration: anybody)
}
print("refused", wrong, credentials.code)

let (unknown, error) = try await refusal(OAuthError.self) { () throws(ErrorResponse) in
    _ = try await TokensAPI.requestToken(
        grantType: .clientCredentials, scope: "everything", apiConfiguration: orders)
}
print("refused", unknown, error.error)
