import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct PasswordChangeTests {
    private static let new = "battery staple"

    private func change(
        _ test: IssuerFixture, _ tokens: IssuedTokens, current: String = IssuerFixture.password, new: String = new,
        from source: RequestSource = IssuerFixture.source
    ) async throws {
        try await test.issuer.changePassword(
            accessToken: tokens.accessToken, current: current, new: new, from: source)
    }

    @Test func `a password change replaces the password and ends all sessions but the current one`() async throws {
        let test = try IssuerFixture.make()
        let mine = try await test.session()
        let other = try await test.login()
        test.clock.advance(by: .seconds(5))
        try await change(test, mine)
        await expect(.invalidCredentials) { try await test.login() }
        _ = try await test.login(password: Self.new)
        await expect(.refreshTokenDead) { try await test.refresh(other) }
        await expect(.tokenInvalid) { try await test.issuer.profile(accessToken: other.accessToken) }
        #expect(try test.family(of: other).revocationReason == .passwordChange)
        #expect(try await test.issuer.profile(accessToken: mine.accessToken).updatedAt == test.clock.now)
        _ = try await test.refresh(mine)
    }

    @Test func `a refused change changes nothing`() async throws {
        let test = try IssuerFixture.make()
        let mine = try await test.session()
        _ = try await test.login()
        let before = try test.dump()
        await expect(.invalidCredentials) { try await change(test, mine, current: "wrong password") }
        let fields = await expect(.invalidInput) { try await change(test, mine, current: "", new: "short") }?.fields
        #expect(fields?.map(\.field) == ["currentPassword", "newPassword"])
        #expect(fields?.map(\.code) == [.required, .tooShort])
        await expect(.invalidInput) { try await change(test, mine, new: String(repeating: "x", count: 1025)) }
        #expect(try test.dump() == before)
    }

    @Test func `wrong passwords count with failed logins and are delayed with them`() async throws {
        let test = try IssuerFixture.make()
        let mine = try await test.session()
        for _ in 0..<2 { await expect(.invalidCredentials) { try await test.login(password: "wrong") } }
        await expect(.invalidCredentials) { try await change(test, mine, current: "wrong") }
        for _ in 0..<2 {
            await expect(.invalidCredentials) {
                try await test.issuer.deleteAccount(
                    accessToken: mine.accessToken, password: "wrong", from: IssuerFixture.source)
            }
        }
        #expect(await expect(.tooManyAttempts) { try await change(test, mine) }?.retryAfter == 1)
        await expect(.tooManyAttempts) { try await test.login() }
        await expect(.tooManyAttempts) {
            try await test.issuer.deleteAccount(
                accessToken: mine.accessToken, password: IssuerFixture.password, from: IssuerFixture.source)
        }
        test.clock.advance(by: .seconds(1))
        try await change(test, mine)
    }

    @Test func `of several concurrent changes one succeeds`() async throws {
        let test = try IssuerFixture.make()
        let mine = try await test.session()
        let outcomes = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<5 {
                group.addTask {
                    do {
                        try await change(test, mine, new: "new password \(number)")
                        return true
                    } catch {
                        #expect((error as? IssuerError)?.code == .invalidCredentials)
                        return false
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.filter(\.self).count == 1)
        try await test.issuer.audit.flush(everything: true)
        let records = try test.store.read { reader in
            try reader.auditEntries(before: .max, limit: 100).map { try $0.record() }.filter {
                $0.type == .passwordChanged
            }
        }
        #expect(records.count { $0.outcome == .succeeded } == 1)
        #expect(records.filter { $0.outcome == .refused }.map(\.count).reduce(0, +) == 4)
    }

    @Test func `a password change ends thousands of sessions`() async throws {
        let test = try IssuerFixture.make()
        let mine = try await test.session()
        let user = try test.family(of: mine).userID
        let families = (0..<3000).map { _ in
            FamilyRecord.sample(of: user)
        }
        try await test.store.write { writer in for family in families { try writer.insert(family) } }
        try await change(test, mine)
        let records = try test.store.read { try $0.families(of: user, after: nil, limit: .max) }
        #expect(records.count == 3001)
        #expect(records.filter { $0.revokedAt == nil }.map(\.id) == [mine.sessionID])
    }

    @Test func `a password that an operator sets ends every session`() async throws {
        let test = try IssuerFixture.make()
        let tokens = [try await test.session(), try await test.login()]
        let (user, count) = try await test.administration.setPassword(
            Self.new, of: "Ada@example.com", minimumLength: 8, passwords: test.passwords)
        #expect(count == 2)
        #expect(user.email == "ada@example.com")
        for tokens in tokens { await expect(.refreshTokenDead) { try await test.refresh(tokens) } }
        await expect(.invalidCredentials) { try await test.login() }
        _ = try await test.login(password: Self.new)
        await expect(.invalidInput) {
            try await test.administration.setPassword(
                "short", of: "ada@example.com", minimumLength: 8, passwords: test.passwords)
        }
        await expect(.userNotFound) {
            try await test.administration.setPassword(
                Self.new, of: "nobody@example.com", minimumLength: 8, passwords: test.passwords)
        }
    }
}
