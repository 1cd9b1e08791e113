import SignetStore

extension Issuer {
    /// Ends the session of a refresh token of any generation: its access tokens are inactive from now on.
    ///
    /// A token that is malformed, forged or dead is no error and changes nothing: what was wanted is so already.
    /// - Throws: `busy`, `storeUnavailable`.
    package func logout(refreshToken: String) async throws {
        _ = try await endFamily(of: refreshToken, because: .logout) { _ in }
    }

    /// Revokes the family of a refresh token, unless it is dead.
    /// - Parameter check: throws when the caller may not.
    /// - Returns: whether the text was a genuine refresh token.
    func endFamily(
        of refreshToken: String, because reason: FamilyRecord.RevocationReason,
        check: @Sendable (FamilyRecord) throws -> Void
    ) async throws -> Bool {
        let now = now()
        return try await IssuerError.translating {
            guard let token = RefreshToken(refreshToken) else { return false }
            let family = try store.read { try $0.family(id: token.familyID) }
            guard refreshTokens.isGenuine(token, of: family), let family else { return false }
            try check(family)
            guard family.isAlive(at: now) else { return true }
            try await store.write { writer in
                guard let family = try writer.family(id: token.familyID), family.revokedAt == nil else { return }
                try writer.update(family.revoked(at: now, because: reason))
            }
            return true
        }
    }
}
