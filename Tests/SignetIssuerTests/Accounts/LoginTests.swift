import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct LoginTests {
    @Test func `the right password begins a session`() async throws {
        let test = try IssuerFixture.make()
        try await test.register()
        var registered = try test.userRecord()
        registered.lastLoginAt = test.clock.now
        let (tokens, user) = try await test.issuer.login(
            email: " ADA@example.com ", password: IssuerFixture.password, from: IssuerFixture.source)
        #expect(user == User(registered))
        #expect(tokens.expiresIn == 900)
        #expect(tokens.refreshExpiresIn == 7 * 86_400)
        let family = try test.family(of: tokens)
        #expect(family.userID == user.id)
        #expect(family.clientID == nil)
        #expect(family.generation == 0)
        #expect(family.device == "a browser")
        #expect(family.createdAddress == "192.0.2.1")
        #expect(family.salt.count == 16)
        #expect(family.expiresAt == test.clock.now + .seconds(90 * 86_400))
        #expect(try await test.issuer.profile(accessToken: tokens.accessToken) == user)
    }

    @Test func `each session has a salt of its own`() async throws {
        let test = try IssuerFixture.make()
        let first = try await test.session()
        let second = try await test.login()
        #expect(try test.family(of: first).salt != test.family(of: second).salt)
    }

    @Test func `wrong password, unknown user and disabled user get the same answer`() async throws {
        let test = try IssuerFixture.make()
        try await test.register()
        try await test.register(email: "eve@example.com")
        try await test.administration.disableUser("eve@example.com")
        let errors = [
            await expect(.invalidCredentials) { try await test.login(password: "wrong password") },
            await expect(.invalidCredentials) { try await test.login(email: "nobody@example.com") },
            await expect(.invalidCredentials) { try await test.login(email: "eve@example.com") },
        ]
        #expect(Set(errors.map { $0?.description }).count == 1)
        #expect(try test.store.read { try $0.families(after: nil, limit: 1) }.isEmpty)
    }

    @Test func `faulty fields are named, and a password below the minimum is no fault`() async throws {
        let test = try IssuerFixture.make()
        let error = await expect(.invalidInput) { try await test.login(email: "nobody", password: "") }
        #expect(error?.fields.map(\.field) == ["email", "password"])
        await expect(.invalidInput) { try await test.login(password: String(repeating: "x", count: 1025)) }
        await expect(.invalidCredentials) { try await test.login(password: "x") }
    }

    @Test func `a hash of another cost is replaced at login`() async throws {
        let test = try IssuerFixture.make(
            passwords: PasswordHasher(threads: 1, cost: PasswordHashingCost(passes: 2, kibibytes: 16)))
        let old = try await PasswordHasher(threads: 1, cost: .cheap).hash(IssuerFixture.password)
        try await test.register()
        var user = try test.userRecord()
        user.passwordHash = old
        try await test.store.write { [user] in try $0.update(user) }
        _ = try await test.login()
        let new = try test.userRecord().passwordHash
        #expect(new.hasPrefix("$argon2id$v=19$m=16,t=2,p=1$"))
        _ = try await test.login()
        #expect(try test.userRecord().passwordHash == new)
    }

    @Test func `after five failures the account has to wait, longer each time, and a success starts afresh`()
        async throws
    {
        let test = try IssuerFixture.make()
        try await test.register()
        for _ in 0..<5 { await expect(.invalidCredentials) { try await test.login(password: "wrong") } }
        for wait in [1, 2, 4] {
            let error = await expect(.tooManyAttempts) { try await test.login() }
            #expect(error?.retryAfter == wait)
            test.clock.advance(by: .seconds(wait))
            await expect(.invalidCredentials) { try await test.login(password: "wrong") }
        }
        test.clock.advance(by: .seconds(8))
        _ = try await test.login()
        for _ in 0..<5 { await expect(.invalidCredentials) { try await test.login(password: "wrong") } }
    }

    @Test func `an address without an account waits just the same`() async throws {
        let test = try IssuerFixture.make()
        for _ in 0..<5 { await expect(.invalidCredentials) { try await test.login(email: "nobody@example.com") } }
        let error = await expect(.tooManyAttempts) { try await test.login(email: "nobody@example.com") }
        #expect(error?.retryAfter == 1)
    }

    @Test func `strangers' failures do not delay a user at an address with a live session`() async throws {
        let test = try IssuerFixture.make()
        _ = try await test.session()
        let stranger = RequestSource(address: "203.0.113.5", device: "")
        for _ in 0..<5 {
            await expect(.invalidCredentials) {
                try await test.issuer.login(email: "ada@example.com", password: "wrong", from: stranger)
            }
        }
        await expect(.tooManyAttempts) {
            try await test.issuer.login(email: "ada@example.com", password: IssuerFixture.password, from: stranger)
        }
        _ = try await test.login()
    }

    @Test func `a full hashing queue turns logins away and the failure is not counted`() async throws {
        let test = try IssuerFixture.make(
            passwords: PasswordHasher(
                threads: 1, queueLimit: 1, cost: PasswordHashingCost(passes: 4, kibibytes: 32_768)))
        let errors = await withTaskGroup(of: IssuerError?.self) { group in
            for _ in 0..<12 {
                group.addTask {
                    do {
                        _ = try await test.login(email: "nobody@example.com")
                        return nil
                    } catch {
                        return error as? IssuerError
                    }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let busy = errors.filter { $0?.code == .busy }
        #expect(!busy.isEmpty)
        #expect(busy.allSatisfy { ($0?.retryAfter ?? 0) >= 1 })
        #expect(errors.allSatisfy { $0?.code == .busy || $0?.code == .invalidCredentials })
        #expect(errors.filter { $0?.code == .invalidCredentials }.count < 5)
        await expect(.invalidCredentials) { try await test.login(email: "nobody@example.com") }
    }
}
