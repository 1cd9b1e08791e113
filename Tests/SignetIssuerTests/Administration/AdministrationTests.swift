import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct AdministrationTests {
    @Test func `a user is found by id and by address in any case`() async throws {
        let test = try IssuerFixture.make()
        let user = try await test.register()
        #expect(try await test.administration.user(user.id.description) == user)
        #expect(try await test.administration.user(" ADA@example.com ") == user)
        for text in ["", "nobody@example.com", UserID.random().description, "x"] {
            await expect(.userNotFound) { try await test.administration.user(text) }
        }
    }

    @Test func `users are listed page by page`() async throws {
        let test = try IssuerFixture.make()
        for number in 0..<5 { try await test.register(email: "user\(number)@example.com") }
        let first = try await test.administration.users(limit: 3)
        let rest = try await test.administration.users(after: first.last?.id, limit: 3)
        #expect(first.count == 3)
        #expect(rest.count == 2)
        #expect(Set((first + rest).map(\.email)).count == 5)
    }

    @Test func `the fields of a created user are checked, roles included`() async throws {
        let test = try IssuerFixture.make()
        let error = await expect(.invalidInput) {
            try await test.administration.createUser(
                name: "", email: "x", password: "short", roles: ["a b"], passwordMinimumLength: 8,
                passwords: test.passwords)
        }
        #expect(error?.fields.map(\.field) == ["name", "email", "password", "roles"])
        await expect(.invalidInput) {
            try await test.administration.createUser(
                name: "Ada", email: "ada@example.com", password: "long enough",
                roles: [String(repeating: "r", count: 65)], passwordMinimumLength: 8, passwords: test.passwords)
        }
        try await test.register()
        await expect(.userExists) {
            try await test.administration.createUser(
                name: "Ada", email: "ada@example.com", password: "long enough", passwordMinimumLength: 8,
                passwords: test.passwords)
        }
    }

    @Test func `disabling twice keeps the first time, and enabling clears it`() async throws {
        let test = try IssuerFixture.make()
        try await test.register()
        let first = try await test.administration.disableUser("ada@example.com").user
        test.clock.advance(by: .seconds(1))
        #expect(try await test.administration.disableUser("ada@example.com").user == first)
        #expect(first.disabledAt == WallClock.start)
        let enabled = try await test.administration.enableUser("ada@example.com")
        #expect(enabled.disabledAt == nil)
        #expect(enabled.updatedAt == test.clock.now)
        await expect(.userNotFound) { try await test.administration.disableUser("nobody@example.com") }
        await expect(.userNotFound) { try await test.administration.enableUser("nobody@example.com") }
    }

    @Test func `deleting a user removes the sessions`() async throws {
        let test = try IssuerFixture.make()
        _ = try await test.session()
        try await test.administration.deleteUser("ada@example.com")
        #expect(try await test.administration.sessions(limit: 10).isEmpty)
        await expect(.userNotFound) { try await test.administration.deleteUser("ada@example.com") }
    }

    @Test func `sessions are listed for one user or for all`() async throws {
        let test = try IssuerFixture.make()
        let ada = try await test.session()
        let eve = try await test.session(email: "eve@example.com")
        #expect(try await test.administration.sessions(of: "ada@example.com", limit: 10).map(\.id) == [ada.sessionID])
        #expect(Set(try await test.administration.sessions(limit: 10).map(\.id)) == [ada.sessionID, eve.sessionID])
        #expect(try await test.administration.sessions(limit: 1).count == 1)
        await expect(.userNotFound) { try await test.administration.sessions(of: "nobody@example.com", limit: 1) }
    }

    @Test func `revoking the sessions of a user ends and counts all living ones`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let eve = try await test.session(email: "eve@example.com")
        let user = try await test.administration.user("ada@example.com").id
        for _ in 0..<CutoffWriting.batchSize {
            try await test.store.write {
                try $0.insert(FamilyRecord.sample(of: user))
            }
        }
        #expect(try await test.administration.revokeSessions(of: "ada@example.com") == CutoffWriting.batchSize + 1)
        #expect(try await test.administration.revokeSessions(of: "ada@example.com") == 0)
        #expect(try test.family(of: tokens).revocationReason == .administrator)
        await expect(.refreshTokenDead) { try await test.refresh(tokens) }
        _ = try await test.refresh(eve)
        await expect(.userNotFound) { try await test.administration.revokeSessions(of: "nobody@example.com") }
    }
}
