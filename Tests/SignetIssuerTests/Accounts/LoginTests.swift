import SignetStore
import Synchronization
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

    @Test func `each session has its own salt`() async throws {
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

    @Test func `a login names invalid fields, and a password may be shorter than the minimum`() async throws {
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

    @Test func `after five failures each login must wait twice as long, and a success resets the wait`()
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

    @Test func `logins to an address without an account must wait too`() async throws {
        let test = try IssuerFixture.make()
        for _ in 0..<5 { await expect(.invalidCredentials) { try await test.login(email: "nobody@example.com") } }
        let error = await expect(.tooManyAttempts) { try await test.login(email: "nobody@example.com") }
        #expect(error?.retryAfter == 1)
    }

    @Test func `failures elsewhere do not delay a user at an address with a living session`() async throws {
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

    @Test(arguments: ["logout", "cutoff", "idle expiry", "absolute expiry"])
    func `an address where the user's sessions have ended is not familiar`(end: String) async throws {
        let test = try IssuerFixture.make(configuration: .make(sessionLifetime: .seconds(8 * 86_400)))
        let tokens = try await test.session()
        switch end {
        case "logout": try await test.issuer.logout(refreshToken: tokens.refreshToken)
        case "cutoff":
            // Store a cutoff time in the user's record. All sessions that began at or before that time count as ended,
            // although their own records stay unchanged.
            var user = try test.userRecord()
            user.endSessions(at: test.clock.now, because: .administrator)
            try await test.store.write { [user] in try $0.update(user) }
        case "idle expiry": test.clock.advance(by: .seconds(7 * 86_400))
        default:
            test.clock.advance(by: .seconds(4 * 86_400))
            _ = try await test.refresh(tokens)
            test.clock.advance(by: .seconds(4 * 86_400))
        }
        try await failElsewhere(test)
        await expect(.tooManyAttempts) { try await test.login() }
    }

    @Test func `the addresses of a session's login and of its last refresh are familiar, those of other users are not`()
        async throws
    {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let moved = RequestSource(address: "198.51.100.9", device: "")
        _ = try await test.issuer.refresh(tokens.refreshToken, from: moved)
        try await test.register(email: "eve@example.com")
        let eve = RequestSource(address: "198.51.100.66", device: "")
        _ = try await test.issuer.login(email: "eve@example.com", password: IssuerFixture.password, from: eve)
        try await failElsewhere(test)
        await expect(.tooManyAttempts) {
            try await test.issuer.login(email: "ada@example.com", password: IssuerFixture.password, from: eve)
        }
        for source in [IssuerFixture.source, moved] {
            _ = try await test.issuer.login(email: "ada@example.com", password: IssuerFixture.password, from: source)
        }
    }

    /// Attempts five logins with a wrong password from an address where the user has no session. The throttle then
    /// delays logins of this user, except from addresses where the user has a session.
    private func failElsewhere(_ test: IssuerFixture) async throws {
        let stranger = RequestSource(address: "203.0.113.5", device: "")
        for _ in 0..<5 {
            await expect(.invalidCredentials) {
                try await test.issuer.login(email: "ada@example.com", password: "wrong", from: stranger)
            }
        }
    }

    @Test func `the wait begins when the password was found to be wrong, not when it was submitted`() async throws {
        let test = try IssuerFixture.make()
        let clock = JumpingClock(account: "nobody@example.com")
        let issuer = try Issuer(
            configuration: .make(), store: test.store, keyring: test.keyring, passwords: test.passwords,
            now: { clock.now }, logger: test.issuer.logger)
        clock.throttle.withLock { $0 = issuer.loginThrottle }
        func login() async -> IssuerError? {
            await expect(.invalidCredentials) {
                try await issuer.login(email: "nobody@example.com", password: "wrong", from: IssuerFixture.source)
            }
        }
        for _ in 0..<5 { _ = await login() }
        // During the fifth login, after the throttle had admitted it, the clock jumped ahead by ten seconds. Only then
        // did the password check fail, so a full wait of one second is left.
        #expect(clock.hasJumped)
        let error = await expect(.tooManyAttempts) {
            try await issuer.login(email: "nobody@example.com", password: "wrong", from: IssuerFixture.source)
        }
        #expect(error?.retryAfter == 1)
    }

    /// A clock that jumps ahead by ten seconds after the login throttle has admitted five attempts for an account.
    private final class JumpingClock: Sendable {
        let throttle = Mutex<LoginThrottle?>(nil)
        private let account: String
        private let jumped = Mutex(false)

        init(account: String) { self.account = account }

        var hasJumped: Bool { jumped.withLock { $0 } }

        var now: Timestamp {
            jumped.withLock { jumped in
                if !jumped, let throttle = throttle.withLock(\.self) {
                    // Ask the throttle to admit another login. If it refuses, it has admitted five logins before, and
                    // the clock jumps.
                    if let probe = try? throttle.admit(
                        account: account, address: "", isFamiliar: false, at: WallClock.start)
                    {
                        throttle.abandoned(probe)
                    } else {
                        jumped = true
                    }
                }
                return jumped ? WallClock.start + .seconds(10) : WallClock.start
            }
        }
    }

    @Test func `a login that is refused because the hashing queue is full does not count as a failure`() async throws {
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
