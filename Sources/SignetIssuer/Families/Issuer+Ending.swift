import SignetStore

extension Issuer {
    /// Ends the session of a refresh token of any generation: its access tokens are inactive from now on.
    ///
    /// A token that is malformed, forged or dead is no error and changes nothing: what was wanted is so already.
    /// - Throws: `busy`, `storeUnavailable`.
    package func logout(refreshToken: String, from source: RequestSource = .unknown) async throws {
        _ = try await endFamily(of: refreshToken, because: .logout, from: source) { _ in }
    }

    /// Revokes the family of a refresh token, unless it is dead.
    /// - Parameters:
    ///   - actor: who wants it, for the audit record; `nil` for the family's user.
    ///   - check: throws when the caller may not.
    /// - Returns: whether the text was a genuine refresh token.
    func endFamily(
        of refreshToken: String, because reason: FamilyRecord.RevocationReason, by actor: AuditActor? = nil,
        from source: RequestSource, check: @Sendable (FamilyRecord) throws -> Void
    ) async throws -> Bool {
        let now = now()
        return try await IssuerError.translating {
            guard let token = RefreshToken(refreshToken) else { return false }
            let family = try store.read { try $0.family(id: token.familyID) }
            guard try refreshTokens.isGenuine(token, of: family), let family else { return false }
            try check(family)
            guard family.isAlive(at: now) else { return true }
            try await store.write { [audit] writer in
                guard let family = try writer.family(id: token.familyID), family.revokedAt == nil else { return }
                try writer.update(family.revoked(at: now, because: reason))
                let type = reason == .logout ? AuditType.logout : .sessionRevoked
                try audit.record(type, of: family, by: actor, from: source, in: writer)
            }
            return true
        }
    }
}
