import JOSE

extension IssuerEndpoint {
    /// Sends `POST /api/login` once. A repeat could start a second session.
    ///
    /// - Throws: `invalidCredentials`, `tooManyAttempts`, `invalidInput`, `unavailable`, `unexpectedAnswer`.
    func logIn(email: String, password: String, deviceName: String?) async throws(ClientError) -> IssuerAnswer {
        var body: JSONObject = ["email": .string(email), "password": .string(password)]
        body["deviceName"] = deviceName.map { .string($0) }
        let answer = try await post("/api/login", json: body, mayRepeat: false)
        guard answer.status == 200 else {
            throw answer.error(for: [
                "invalid_credentials": .invalidCredentials, "too_many_attempts": .tooManyAttempts,
                "invalid_input": .invalidInput,
            ])
        }
        return answer
    }

    /// Sends `POST /api/refresh-token`, and repeats it up to the configured number of attempts if there is no response.
    ///
    /// - Parameter attemptFailed: called after each attempt that is going to be repeated.
    /// - Throws: `sessionEnded`, `unavailable`, `unexpectedAnswer`.
    func refresh(
        _ refreshToken: String, attemptFailed: @Sendable () -> Void
    ) async throws(ClientError) -> IssuerAnswer {
        let answer = try await post(
            "/api/refresh-token", json: ["refreshToken": .string(refreshToken)], mayRepeat: true,
            attemptFailed: attemptFailed)
        guard answer.status == 200 else {
            throw answer.error(for: ["invalid_refresh_token": .sessionEnded, "refresh_token_dead": .sessionEnded])
        }
        return answer
    }

    /// Sends `POST /api/logout`, and repeats it up to the configured number of attempts if there is no response.
    ///
    /// - Throws: `unavailable`, `unexpectedAnswer`.
    func logOut(refreshToken: String) async throws(ClientError) {
        let answer = try await post("/api/logout", json: ["refreshToken": .string(refreshToken)], mayRepeat: true)
        guard answer.status == 200 else { throw answer.error(for: [:]) }
    }
}
