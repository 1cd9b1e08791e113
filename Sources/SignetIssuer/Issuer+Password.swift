import SignetStore
import SignetVerifier

extension Issuer {
    /// Gives the caller another password and ends all other sessions of the user, in one transaction.
    ///
    /// Wrong passwords are delayed like failed logins and count with them: a stolen access token is no way to guess.
    /// - Throws: `tokenExpired`, `tokenInvalid`, `userNotFound`; `invalidInput` with all faulty fields
    ///   (`currentPassword`, `newPassword`); `invalidCredentials` for a wrong current password, also when it was
    ///   changed by another call meanwhile; `tooManyAttempts`, `busy`, `storeUnavailable`.
    package func changePassword(
        accessToken: String, current: String, new: String, from source: RequestSource
    ) async throws {
        let (token, caller, family) = try caller(accessToken)
        try checkFields { faults in
            faults.value { () throws(FieldError) in try passwordRule.check(presented: current, field: "currentPassword")
            }
            faults.value { () throws(FieldError) in try passwordRule.check(new: new, field: "newPassword") }
        }
        try await IssuerError.translating {
            let proven = try await prove(current, of: caller, in: family, for: .passwordChanged, from: source)
            let hash = try await passwords.hash(new)
            let now = now()
            try await notingRefusal(of: .passwordChanged, for: caller, in: family, from: source) {
                try await store.write { [audit] writer in
                    var (user, family) = try TokenStatus(of: token, in: writer, at: now).caller
                    guard user.passwordHash == proven.passwordHash else { throw Self.refused }
                    user.passwordHash = hash
                    user.updatedAt = now
                    user.endSessions(except: family.id, at: now, because: .passwordChange)
                    try writer.update(user)
                    try audit.record(.passwordChanged, of: user, from: source, in: writer)
                }
            }
        }
        await writeCutoff(of: caller.id)
    }

    /// Removes the caller's account with all that belongs to it.
    ///
    /// Sessions go first, a batch at a time, and the account with the last of them.
    /// - Throws: as ``changePassword(accessToken:current:new:from:)``; the faulty field is `password`.
    package func deleteAccount(accessToken: String, password: String, from source: RequestSource) async throws {
        let (token, caller, family) = try caller(accessToken)
        try checkFields { faults in
            faults.value { () throws(FieldError) in try passwordRule.check(presented: password) }
        }
        try await IssuerError.translating {
            let proven = try await prove(password, of: caller, in: family, for: .accountDeleted, from: source)
            let now = now()
            try await notingRefusal(of: .accountDeleted, for: caller, in: family, from: source) {
                let closing = AccountClosing(store: store, audit: audit)
                _ = try await closing.close(as: .accountDeleted, from: source, at: now) { reader in
                    // The session may have ended, or the password changed, while the password was checked.
                    let user = try TokenStatus(of: token, in: reader, at: now).caller.user
                    guard user.passwordHash == proven.passwordHash else { throw Self.refused }
                    return user
                }
            }
        }
    }

    /// What is wrong with the fields of a password change that is refused anyway; `nil` fields are passed over.
    package func passwordChangeFaults(current: String?, new: String?) -> [FieldError] {
        var faults = FieldFaults()
        if let current {
            faults.value { () throws(FieldError) in try passwordRule.check(presented: current, field: "currentPassword")
            }
        }
        if let new { faults.value { () throws(FieldError) in try passwordRule.check(new: new, field: "newPassword") } }
        return faults.error.fields
    }

    /// The user who calls, and with which session.
    private func caller(
        _ accessToken: String
    ) throws -> (token: VerifiedToken, user: UserRecord, family: FamilyID) {
        let now = now()
        let token = try accessTokenCheck.verify(accessToken, at: now)
        return try IssuerError.translating {
            let (user, family) = try store.read { try TokenStatus(of: token, in: $0, at: now).caller }
            return (token, user, family.id)
        }
    }

    /// Notes it when the password was changed by another call since it was proven.
    private func notingRefusal(
        of type: AuditType, for user: UserRecord, in family: FamilyID, from source: RequestSource,
        _ change: () async throws -> Void
    ) async throws {
        do {
            try await change()
        } catch let error as IssuerError where error.code == .invalidCredentials {
            audit.refused(type, of: user.id, in: family, from: source, reason: "account_changed")
            throw error
        }
    }

    private func checkFields(_ check: (inout FieldFaults) -> Void) throws(IssuerError) {
        var faults = FieldFaults()
        check(&faults)
        guard faults.isEmpty else { throw faults.error }
    }

    private func prove(
        _ password: String, of caller: UserRecord, in family: FamilyID, for type: AuditType, from source: RequestSource
    ) async throws -> UserRecord {
        let now = now()
        let isFamiliar = try store.read { try Self.isFamiliar(source.address, to: caller, in: $0, at: now) }
        return try await prove(
            password, of: caller, account: caller.email, in: family, for: type, from: source, isFamiliar: isFamiliar)
    }
}
