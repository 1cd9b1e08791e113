import HTTPFetching
import JOSE

extension IssuerEndpoint {
    /// Sends `POST /api/login` once, because a repeat could start a second session.
    ///
    /// - Throws: `invalidCredentials`, `tooManyAttempts` or `invalidInput` if the issuer refuses the login for this
    ///   reason; `unavailable` if there is no response or the issuer is busy; `unexpectedAnswer` for any other
    ///   response.
    func logIn(
        email: String, password: String, deviceName: String?, audiences: Set<String>, scopes: Set<String>
    ) async throws(ClientError) -> IssuerAnswer {
        var body: JSONObject = ["email": .string(email), "password": .string(password)]
        body["deviceName"] = deviceName.map { .string($0) }
        if !audiences.isEmpty { body["audience"] = .array(audiences.sorted().map { .string($0) }) }
        if !scopes.isEmpty { body["scope"] = .string(scopes.sorted().joined(separator: " ")) }
        let answer = try await post(IssuerPath.login, json: body, mayRepeat: false)
        guard answer.status == 200 else {
            throw answer.error(for: [
                "invalid_credentials": .invalidCredentials, "too_many_attempts": .tooManyAttempts,
                "invalid_input": .invalidInput,
            ])
        }
        return answer
    }

    /// Sends `POST /api/refresh-token`. If there is no response or the issuer is busy, repeats the request, up to
    /// ``ClientConfiguration/maximumAttempts`` attempts.
    ///
    /// - Parameter attemptFailed: called after each attempt that is going to be repeated.
    /// - Throws: `sessionEnded` if the issuer refuses the refresh token; `unavailable` if the last attempt also fails;
    ///   `unexpectedAnswer` for any other response.
    func refresh(
        _ refreshToken: String, attemptFailed: @Sendable () -> Void
    ) async throws(ClientError) -> IssuerAnswer {
        let answer = try await post(
            IssuerPath.refreshToken, json: ["refreshToken": .string(refreshToken)], mayRepeat: true,
            attemptFailed: attemptFailed)
        guard answer.status == 200 else {
            throw answer.error(for: ["invalid_refresh_token": .sessionEnded, "refresh_token_dead": .sessionEnded])
        }
        return answer
    }

    /// Sends `POST /api/logout`. If there is no response or the issuer is busy, repeats the request, up to
    /// ``ClientConfiguration/maximumAttempts`` attempts.
    ///
    /// - Throws: `unavailable` if the last attempt also fails; `unexpectedAnswer` for any other response.
    func logOut(refreshToken: String) async throws(ClientError) {
        let answer = try await post(IssuerPath.logout, json: ["refreshToken": .string(refreshToken)], mayRepeat: true)
        guard answer.status == 200 else { throw answer.error(for: [:]) }
    }
}
