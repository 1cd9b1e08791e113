import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct AccountDeletionTests {
    private func delete(_ test: IssuerFixture, _ tokens: IssuedTokens, password: String = IssuerFixture.password)
        async throws
    {
        try await test.issuer.deleteAccount(
            accessToken: tokens.accessToken, password: password, from: IssuerFixture.source)
    }

    @Test func `an account deletion removes the user and all sessions, and the address can be registered again`()
        async throws
    {
        let test = try IssuerFixture.make()
        _ = try await test.session(email: "eve@example.com")
        let before = try test.dump()
        let mine = try await test.session()
        let other = try await test.login()
        try await delete(test, mine)
        #expect(try test.dump() == before)
        for tokens in [mine, other] {
            await expect(.refreshTokenInvalid) { try await test.refresh(tokens) }
            await expect(.userNotFound) { try await test.issuer.profile(accessToken: tokens.accessToken) }
        }
        await expect(.userNotFound) { try await delete(test, mine) }
        await expect(.invalidCredentials) { try await test.login() }
        try await test.register()
    }

    @Test func `a wrong or empty password deletes nothing`() async throws {
        let test = try IssuerFixture.make()
        let mine = try await test.session()
        let before = try test.dump()
        await expect(.invalidCredentials) { try await delete(test, mine, password: "wrong password") }
        #expect(
            await expect(.invalidInput) { try await delete(test, mine, password: "") }?.fields.map(\.field) == [
                "password"
            ])
        #expect(try test.dump() == before)
    }

    /// Logs in a user and adds more sessions than one transaction of an account deletion removes.
    private func crowded(_ test: IssuerFixture) async throws -> IssuedTokens {
        let mine = try await test.session()
        let user = try test.family(of: mine).userID
        try await test.store.write { writer in
            for _ in 0..<(2 * AccountDeletion.batchSize + 5) {
                try writer.insert(FamilyRecord.sample(of: user))
            }
        }
        return mine
    }

    @Test
    func
        `a deletion that stops after its first transaction leaves an account with ended sessions, and a record of the end`()
        async throws
    {
        let test = try IssuerFixture.make()
        let mine = try await crowded(test)
        let full = FailingStore(store: test.store)
        full.limit = 1
        let now = test.clock.now
        await #expect(throws: StoreError(.full, "")) {
            try await AccountDeletion(store: full, audit: test.issuer.audit).delete(
                recordedAs: .accountDeleted, at: now, loading: StoreLookup(user: .email("ada@example.com"))
            ) {
                try Administration.found($0.user)
            }
        }
        let last = try #require(try test.recorded().last)
        #expect(last.type == .sessionRevoked)
        #expect(last.reason == "account_closing")
        for family in try test.store.read({ try $0.families(after: nil, limit: 1_000) }) {
            let user = try test.userRecord()
            #expect(family.applyingCutoff(of: user).revokedAt != nil)
        }
        await expect(.tokenInvalid) { try await test.issuer.profile(accessToken: mine.accessToken) }
        try await delete(test, try await test.login())
        #expect(try test.recorded().last?.type == .accountDeleted)
    }

    @Test func `a deletion whose user is refused in the first transaction changes nothing`() async throws {
        let test = try IssuerFixture.make()
        _ = try await crowded(test)
        let before = try test.dump()
        let now = test.clock.now
        await expect(.tokenInvalid) {
            try await AccountDeletion(store: test.store, audit: test.issuer.audit)
                .delete(recordedAs: .accountDeleted, at: now, loading: StoreLookup()) { _ in
                    throw IssuerError(.tokenInvalid, "the session has ended")
                }
        }
        #expect(try test.dump() == before)
    }

    @Test func `an account with more sessions than one transaction removes is deleted completely`() async throws {
        let test = try IssuerFixture.make()
        let mine = try await crowded(test)
        try await delete(test, mine)
        #expect(try test.dump() == IssuerFixture.StoreDump(users: [], families: [], clients: []))
    }
}
