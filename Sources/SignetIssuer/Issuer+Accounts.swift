package import SignetStore

extension Issuer {
    /// Opens an account.
    /// - Throws: `invalidInput` with all faulty fields, `userExists`, `busy`, `storeUnavailable`.
    package func register(
        name: String, email: String, password: String, from source: RequestSource = .unknown
    ) async throws -> UserRecord {
        let form = try RegistrationForm(name: name, email: email, password: password, rule: passwordRule)
        return try await AccountOpening(store: store, passwords: passwords, audit: audit)
            .open(form, roles: [], at: now(), as: .registration, from: source)
    }

    /// The account that an access token speaks for.
    /// - Throws: `tokenExpired`; `tokenInvalid`, also for the token of a session that has ended and for one that
    ///   speaks for a client; `userNotFound`; `storeUnavailable`.
    package func profile(accessToken: String) async throws -> UserRecord {
        let now = now()
        let token = try accessTokenCheck.verify(accessToken, at: now)
        return try IssuerError.translating {
            try store.read { try TokenStatus(of: token, in: $0, at: now).caller.user }
        }
    }
}
