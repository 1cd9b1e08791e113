import SignetStore

extension Issuer {
    /// Creates an account.
    /// - Parameter decodingFaults: the request fields that could not be decoded, such as a number as the name. Pass
    ///   `nil` as the value of such a field. The thrown error lists these faults with those of the other fields.
    /// - Throws: `invalidInput` with all invalid fields; `userExists` if the e-mail address already has an account;
    ///   `busy` if the queue for password hashing or for writing is full; `storeUnavailable` if the store cannot be
    ///   used.
    package func register(
        name: String?, email: String?, password: String?, decodingFaults: [FieldError] = [],
        from source: RequestSource = .unknown
    ) async throws -> User {
        let form = try RegistrationForm(
            name: name, email: email, password: password, rule: passwordRule, decodingFaults: decodingFaults)
        return try await AccountCreation(store: store, passwords: passwords, audit: audit)
            .create(form, at: now(), recordedAs: .registration, from: source)
    }

    /// The user that an access token belongs to.
    /// - Throws: `tokenExpired` if the token has expired; `tokenInvalid` if the token is not valid, its session has
    ///   ended, or it belongs to a client; `userNotFound` if the user was deleted; `storeUnavailable` if the store
    ///   cannot be read. The answer throws the errors that depend on the store.
    package func profileInquiry(accessToken: String) throws -> Inquiry<User> {
        let now = now()
        let token = try accessTokenCheck.verify(accessToken, at: now)
        return Inquiry(of: store, loading: StoreLookup(token: TokenStatus.key(of: token))) { loaded in
            User(try TokenStatus(of: token, with: loaded.token, at: now).caller.user)
        }
    }

    /// Sets a new password for the caller and ends all other sessions of the caller, in one transaction.
    ///
    /// A wrong password counts as a failed login of the account, so a stolen access token does not help to guess the
    /// password.
    /// - Parameter decodingFaults: the request fields that could not be decoded; see
    ///   ``register(name:email:password:decodingFaults:from:)``.
    /// - Throws: `tokenExpired`, `tokenInvalid` or `userNotFound` as in ``profileInquiry(accessToken:)``; `invalidInput` with
    ///   all invalid fields (`currentPassword`, `newPassword`); `invalidCredentials` if the current password is
    ///   wrong or was changed during the request; `tooManyAttempts` if the caller must wait after wrong passwords;
    ///   `busy` if the queue for password hashing or for writing is full; `storeUnavailable` if the store cannot be
    ///   used.
    package func changePassword(
        accessToken: String, current: String?, new: String?, decodingFaults: [FieldError] = [],
        from source: RequestSource
    ) async throws {
        let caller = try await caller(accessToken, from: source)
        let form = try PasswordChangeForm(
            current: current, new: new, rule: passwordRule, decodingFaults: decodingFaults)
        try await IssuerError.translating {
            let proof = try await prove(form.current, of: caller, for: .passwordChanged, from: source)
            let hash = try await passwords.hash(form.new)
            let now = now()
            try await notingChangedAccount(.passwordChanged, of: caller, from: source) {
                try await store.write(loading: proof.lookup) { [audit] loaded in
                    var (user, family) = try proof.recheck(with: loaded, at: now)
                    user.passwordHash = hash
                    user.updatedAt = now
                    user.endSessions(except: family.id, at: now, because: .passwordChange)
                    return StoreDecision([
                        .updateUser(user), audit.change(for: .passwordChanged, of: user, from: source),
                    ])
                }
            }
        }
        await writeCutoff(of: caller.user.id)
    }

    /// Deletes the caller's account and all its sessions.
    ///
    /// A wrong password counts as a failed login of the account.
    /// - Parameters:
    ///   - password: the account's current password.
    ///   - decodingFaults: the request fields that could not be decoded; see
    ///     ``register(name:email:password:decodingFaults:from:)``.
    /// - Throws: `tokenExpired`, `tokenInvalid` or `userNotFound` as in ``profileInquiry(accessToken:)``; `invalidInput` with
    ///   the invalid field; `invalidCredentials` if the password is wrong or was changed during the request;
    ///   `tooManyAttempts` if the caller must wait after wrong passwords; `busy` if the queue for password hashing or
    ///   for writing is full; `storeUnavailable` if the store cannot be used.
    package func deleteAccount(
        accessToken: String, password: String?, decodingFaults: [FieldError] = [], from source: RequestSource
    ) async throws {
        let caller = try await caller(accessToken, from: source)
        let form = try PasswordForm(existing: password, decodingFaults: decodingFaults)
        try await IssuerError.translating {
            let proof = try await prove(form.password, of: caller, for: .accountDeleted, from: source)
            let now = now()
            try await notingChangedAccount(.accountDeleted, of: caller, from: source) {
                _ = try await AccountDeletion(store: store, audit: audit)
                    .delete(recordedAs: .accountDeleted, from: source, at: now, loading: proof.lookup) { loaded in
                        try proof.recheck(with: loaded, at: now).user
                    }
            }
        }
    }
}
