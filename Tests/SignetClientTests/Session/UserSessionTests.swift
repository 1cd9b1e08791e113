import HTTPFetching
import TestSupport
import Testing

@testable import SignetClient

@Suite("A user's session", .timeLimit(.minutes(1)))
struct UserSessionTests {
    private let clock = SleepingClock()

    /// A configuration with a long timeout, so that tests that delay responses do not fail on a busy machine.
    private static let patient = ClientConfiguration(timeout: .seconds(60))

    private func session(
        _ issuer: ScriptedIssuer, storage: any TokenStorage = MemoryTokenStorage(),
        configuration: ClientConfiguration = Self.patient, environment: ClientEnvironment? = nil
    ) throws -> UserSession {
        try UserSession(
            issuer: "https://id.example.com", storage: storage, fetcher: issuer, configuration: configuration,
            environment: environment ?? clock.environment)
    }

    private func pair(_ number: Int, life: Int64 = 900) -> TokenPair {
        TokenPair(
            accessToken: "access-\(number)", refreshToken: "refresh-\(number)", issuedAt: clock.now,
            expiresAt: clock.now + .seconds(life), refreshExpiresAt: clock.now + .seconds(604_800))
    }

    @Test func `uses the pair of a login while it is fresh`() async throws {
        let issuer = ScriptedIssuer([.pair(1)])
        let session = try session(issuer)
        let user = try await session.logIn(email: "ada@example.com", password: "secret", deviceName: "Ada's phone")
        #expect(user == SessionUser(id: "user-1", name: "Ada", email: "ada@example.com"))
        #expect(try await session.accessToken() == "access-1")
        clock.advance(by: .seconds(719))
        #expect(try await session.accessToken() == "access-1")
        #expect(issuer.requests.map(\.url) == ["https://id.example.com/api/login"])
        #expect(
            issuer.bodies == [#"{"email":"ada@example.com","password":"secret","deviceName":"Ada's phone"}"#])
    }

    @Test func `sends the audiences and scopes of a login, and repeats neither at a refresh`() async throws {
        let issuer = ScriptedIssuer([.pair(1), .pair(2)])
        let session = try session(issuer)
        try await session.logIn(
            email: "ada@example.com", password: "secret", audiences: ["stock", "orders"],
            scopes: ["orders:read", "account"])
        _ = try await session.accessToken(insteadOf: "access-1")
        #expect(
            issuer.bodies == [
                #"{"email":"ada@example.com","password":"secret","audience":["orders","stock"],"#
                    + #""scope":"account orders:read"}"#,
                #"{"refreshToken":"refresh-1"}"#,
            ])
    }

    @Test func `refreshes ahead while the current token is in use`() async throws {
        let issuer = ScriptedIssuer([.pair(1), .pair(2)])
        let session = try session(issuer)
        try await session.logIn(email: "ada@example.com", password: "secret")
        clock.advance(by: .seconds(720))
        #expect(try await session.accessToken() == "access-1")
        try await wait { await session.isRenewing }
        #expect(try await session.accessToken() == "access-2")
        #expect(issuer.requests.count == 2)
    }

    @Test func `hands out the current token until it expires while the issuer is away, with pauses between refreshes`()
        async throws
    {
        let issuer = ScriptedIssuer([.lost])
        let session = try session(issuer, storage: MemoryTokenStorage(pair(1)))
        #expect(try await session.accessToken() == "access-1")
        clock.advance(by: .seconds(875))
        for requests in [5, 5, 5] {
            #expect(try await session.accessToken() == "access-1")
            try await wait { await session.isRenewing }
            #expect(issuer.requests.count == requests)
        }
        // The first refresh failed after five attempts. The next refresh may start 10 s after the last attempt.
        clock.advance(by: .seconds(10))
        #expect(try await session.accessToken() == "access-1")
        try await wait { await session.isRenewing }
        #expect(issuer.requests.count == 10)
        clock.advance(by: .seconds(9))
        for _ in 0..<3 {
            let error = await #expect(throws: ClientError.self) { try await session.accessToken() }
            #expect(error?.code == .unavailable && error?.retryAfter == 1)
        }
        #expect(issuer.requests.count == 10)
        clock.advance(by: .seconds(1))
        await #expect(throws: ClientError(.unavailable, "")) { try await session.accessToken() }
        #expect(issuer.requests.count == 15)
    }

    @Test func `hands out a stored token that is still good if the first refresh fails`() async throws {
        let issuer = ScriptedIssuer([.lost])
        let storage = MemoryTokenStorage(pair(1))
        clock.advance(by: .seconds(880))
        #expect(try await session(issuer, storage: storage).accessToken() == "access-1")
    }

    @Test func `hands out a token that is still good while a refresh gets no answer`() async throws {
        let gate = Gate()
        let issuer = ScriptedIssuer([.pair(2)], gate: gate)
        var environment = clock.environment
        environment.patience = { _ in }
        let session = try session(issuer, storage: MemoryTokenStorage(pair(1)), environment: environment)
        clock.advance(by: .seconds(880))
        // The issuer does not answer the refresh before `gate.open()`. Until then, callers get the old token.
        #expect(try await session.accessToken() == "access-1")
        gate.open()
        try await wait { await session.isRenewing }
        #expect(try await session.accessToken() == "access-2")
    }

    @Test func `waits for the Retry-After of a failed refresh before the next one, at most 5 minutes`() async throws {
        for (asked, pause) in [("60", 60), ("86400", 300)] {
            let issuer = ScriptedIssuer([
                .refusal(503, code: "busy", headers: [HTTPFetchField("Retry-After", asked)]), .pair(2),
            ])
            let session = try session(issuer, storage: MemoryTokenStorage(pair(1, life: 0)))
            await #expect(throws: ClientError(.unavailable, "")) { try await session.accessToken() }
            clock.advance(by: .seconds(pause - 1))
            await #expect(throws: ClientError(.unavailable, "")) { try await session.accessToken() }
            #expect(issuer.requests.count == 1)
            clock.advance(by: .seconds(1))
            #expect(try await session.accessToken() == "access-2")
        }
    }

    @Test func `refreshes shortly before expiry, and stores the new pair before it is used`() async throws {
        let storage = MemoryTokenStorage(pair(1))
        let issuer = ScriptedIssuer([.pair(2)])
        let session = try session(issuer, storage: storage)
        clock.advance(by: .seconds(870))
        #expect(try await session.accessToken() == "access-2")
        #expect(storage.load()?.refreshToken == "refresh-2")
        #expect(storage.load()?.expiresAt == clock.now + .seconds(900))
        #expect(issuer.bodies == [#"{"refreshToken":"refresh-1"}"#])
    }

    @Test func `refreshes once for fifty callers`() async throws {
        let gate = Gate()
        let issuer = ScriptedIssuer([.pair(2), .pair(3)], gate: gate)
        let session = try session(issuer, storage: MemoryTokenStorage(pair(1)))
        clock.advance(by: .seconds(900))
        let tokens = try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<50 { group.addTask { try await session.accessToken() } }
            try await wait { gate.count == 0 }
            gate.open()
            return try await group.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(tokens == ["access-2"])
        #expect(issuer.requests.count == 1)
    }

    @Test func `replaces a refused token once for all callers`() async throws {
        let issuer = ScriptedIssuer([.pair(2), .pair(3)])
        let session = try session(issuer, storage: MemoryTokenStorage(pair(1)))
        #expect(try await session.accessToken() == "access-1")
        #expect(try await session.accessToken(insteadOf: "access-1") == "access-2")
        #expect(try await session.accessToken(insteadOf: "access-1") == "access-2")
        #expect(issuer.requests.count == 1)
    }

    @Test func `repeats a lost refresh with the same refresh token and growing waits`() async throws {
        let issuer = ScriptedIssuer([.lost, .refusal(503, code: "busy"), .lost, .pair(2)])
        let session = try session(issuer, storage: MemoryTokenStorage(pair(1, life: 0)))
        #expect(try await session.accessToken() == "access-2")
        #expect(Set(issuer.bodies) == [#"{"refreshToken":"refresh-1"}"#])
        #expect(clock.waits == [.milliseconds(250), .milliseconds(500), .seconds(1)])
    }

    @Test func `waits for Retry-After, and gives up if it is too long`() async throws {
        let busy = ScriptedIssuer.Step.refusal(503, code: "busy", headers: [HTTPFetchField("Retry-After", "7")])
        let issuer = ScriptedIssuer([busy, .pair(2)])
        #expect(try await session(issuer, storage: MemoryTokenStorage(pair(1, life: 0))).accessToken() == "access-2")
        #expect(clock.waits == [.seconds(7)])
        let closed = ScriptedIssuer([
            .refusal(503, code: "busy", headers: [HTTPFetchField("Retry-After", "31")]), .pair(3),
        ])
        let session = try session(closed, storage: MemoryTokenStorage(pair(1, life: 0)))
        let error = await #expect(throws: ClientError.self) { try await session.accessToken() }
        #expect(error?.code == .unavailable)
        #expect(error?.retryAfter == 31)
    }

    @Test func `keeps the pair during an outage and continues afterwards`() async throws {
        let storage = MemoryTokenStorage(pair(1, life: 0))
        let issuer = ScriptedIssuer([.lost, .lost, .lost, .lost, .lost, .pair(2)])
        let session = try session(issuer, storage: storage)
        await #expect(throws: ClientError(.unavailable, "")) { try await session.accessToken() }
        #expect(issuer.requests.count == 5)
        #expect(storage.load()?.refreshToken == "refresh-1")
        clock.advance(by: .seconds(10))
        #expect(try await session.accessToken() == "access-2")
    }

    @Test(arguments: ["refresh_token_dead", "invalid_refresh_token"])
    func `ends if the issuer refuses the refresh token`(code: String) async throws {
        let storage = MemoryTokenStorage(pair(1, life: 0))
        let issuer = ScriptedIssuer([.refusal(401, code: code)])
        let session = try session(issuer, storage: storage)
        await #expect(throws: ClientError(.sessionEnded, "")) { try await session.accessToken() }
        #expect(storage.load() == nil)
        await #expect(throws: ClientError(.notLoggedIn, "")) { try await session.accessToken() }
        #expect(issuer.requests.count == 1)
    }

    @Test func `hands out no token of an ended session, even before its expiry`()
        async throws
    {
        let issuer = ScriptedIssuer([.refusal(401, code: "refresh_token_dead")])
        let session = try session(issuer, storage: MemoryTokenStorage(pair(1)))
        #expect(try await session.accessToken() == "access-1")
        await #expect(throws: ClientError(.sessionEnded, "")) { try await session.accessToken(insteadOf: "access-1") }
        for rejected in [nil, "access-1", "access-0"] {
            await #expect(throws: ClientError(.notLoggedIn, "")) {
                try await session.accessToken(insteadOf: rejected)
            }
        }
        #expect(issuer.requests.count == 1)
    }

    @Test func `hands out no token that was removed from the storage`() async throws {
        let storage = MemoryTokenStorage(pair(1))
        let session = try session(ScriptedIssuer([.lost]), storage: storage)
        #expect(try await session.accessToken() == "access-1")
        storage.save(nil)
        for rejected in ["access-1", nil] {
            await #expect(throws: ClientError(.notLoggedIn, "")) {
                try await session.accessToken(insteadOf: rejected)
            }
        }
    }

    @Test func `hands out no token of an ended session if the storage cannot be cleared`() async throws {
        let storage = BrokenStorage(pair(1))
        let issuer = ScriptedIssuer([.refusal(401, code: "refresh_token_dead")])
        let session = try session(issuer, storage: storage)
        #expect(try await session.accessToken() == "access-1")
        for rejected in ["access-1", nil, nil] {
            await #expect(throws: ClientError(.storageFailed, "")) {
                try await session.accessToken(insteadOf: rejected)
            }
        }
        storage.repair()
        await #expect(throws: ClientError(.sessionEnded, "")) { try await session.accessToken() }
        #expect(storage.load() == nil)
    }

    @Test func `hands out no token after a logout that could not clear the storage`() async throws {
        let storage = BrokenStorage(pair(1))
        let issuer = ScriptedIssuer([
            .answer(status: 200, body: #"{"message":"Logged out"}"#), .refusal(401, code: "refresh_token_dead"),
        ])
        let session = try session(issuer, storage: storage)
        #expect(try await session.accessToken() == "access-1")
        await #expect(throws: ClientError(.storageFailed, "")) { try await session.logOut() }
        storage.repair()
        await #expect(throws: ClientError(.sessionEnded, "")) { try await session.accessToken() }
        #expect(storage.load() == nil)
    }

    @Test(arguments: [true, false])
    func `measures lifetimes with the monotonic clock too`(isStored: Bool) async throws {
        let issuer = ScriptedIssuer(isStored ? [.pair(2)] : [.pair(1), .pair(2)])
        let session = try session(issuer, storage: MemoryTokenStorage(isStored ? pair(1) : nil))
        if !isStored { try await session.logIn(email: "ada@example.com", password: "secret") }
        #expect(try await session.accessToken() == "access-1")
        clock.advance(by: .seconds(719))
        clock.setBack(by: .seconds(719))
        #expect(try await session.accessToken() == "access-1")
        clock.advance(by: .seconds(151))
        #expect(try await session.accessToken() == "access-2")
    }

    @Test func `gives up a refresh within 75 seconds with every configuration`() async throws {
        for configuration in [
            ClientConfiguration(timeout: .seconds(10), maximumAttempts: 10), .init(timeout: .seconds(60)),
            .init(timeout: .seconds(1), maximumAttempts: 10),
        ] {
            let issuer = ScriptedIssuer([.silent(clock)])
            let session = try session(
                issuer, storage: MemoryTokenStorage(pair(1, life: 0)), configuration: configuration)
            let start = clock.instant
            await #expect(throws: ClientError(.unavailable, "")) { try await session.accessToken() }
            #expect(start.duration(to: clock.instant) <= .seconds(75))
            #expect(issuer.requests.count > 1)
            #expect(issuer.requests.allSatisfy { (.seconds(1)...configuration.timeout).contains($0.timeout) })
        }
        #expect(FileTokenStorage(path: "").lockTimeout > .seconds(75))
    }

    @Test func `waits for a busy issuer no longer than for a silent issuer`() async throws {
        let busy = ScriptedIssuer.Step.refusal(503, code: "busy", headers: [HTTPFetchField("Retry-After", "30")])
        let issuer = ScriptedIssuer([busy])
        let session = try session(issuer, storage: MemoryTokenStorage(pair(1, life: 0)))
        let error = await #expect(throws: ClientError.self) { try await session.accessToken() }
        #expect(error?.code == .unavailable && error?.retryAfter == 30)
        #expect(clock.waits == [.seconds(30), .seconds(30)])
    }

    @Test(arguments: [
        ScriptedIssuer.Step.answer(status: 401, body: "<html>Sign in to the hotel's network</html>"),
        .answer(status: 404, body: "{}"), .answer(status: 302, body: ""), .answer(status: 200, body: "<html>"),
        .answer(status: 200, body: #"{"accessToken":"","refreshToken":"r","expiresIn":1,"refreshExpiresIn":1}"#),
        .answer(status: 200, body: #"{"accessToken":"a","refreshToken":"r","expiresIn":-1,"refreshExpiresIn":1}"#),
    ])
    func `does not end because of a proxy's response`(step: ScriptedIssuer.Step) async throws {
        let storage = MemoryTokenStorage(pair(1, life: 0))
        let session = try session(ScriptedIssuer([step]), storage: storage)
        await #expect(throws: ClientError(.unexpectedAnswer, "")) { try await session.accessToken() }
        #expect(storage.load()?.refreshToken == "refresh-1")
    }

    @Test func `drops a new pair that cannot be stored and continues with the old one`() async throws {
        let storage = BrokenStorage(pair(1, life: 0))
        let session = try session(ScriptedIssuer([.pair(2)]), storage: storage)
        await #expect(throws: ClientError(.storageFailed, "")) { try await session.accessToken() }
        storage.repair()
        #expect(try await session.accessToken() == "access-2")
        #expect(storage.load()?.refreshToken == "refresh-2")
    }

    @Test func `a failed login is not repeated and reports its reason`() async throws {
        let expected: [(ScriptedIssuer.Step, ClientError.Code)] = [
            (.lost, .unavailable), (.refusal(503, code: "busy"), .unavailable),
            (.refusal(401, code: "invalid_credentials"), .invalidCredentials),
            (.refusal(429, code: "too_many_attempts"), .tooManyAttempts),
            (.refusal(400, code: "invalid_input"), .invalidInput), (.refusal(418, code: "teapot"), .unexpectedAnswer),
        ]
        for (step, code) in expected {
            let issuer = ScriptedIssuer([step])
            let session = try session(issuer)
            await #expect(throws: ClientError(code, "")) { try await session.logIn(email: "a@b.c", password: "p") }
            #expect(issuer.requests.count == 1)
        }
    }

    @Test func `a login whose response holds no user stores nothing`() async throws {
        let storage = MemoryTokenStorage()
        let answer = #"{"accessToken":"a","refreshToken":"r","expiresIn":900,"refreshExpiresIn":900}"#
        let session = try session(ScriptedIssuer([.answer(status: 200, body: answer)]), storage: storage)
        await #expect(throws: ClientError(.unexpectedAnswer, "")) {
            try await session.logIn(email: "a@b.c", password: "p")
        }
        #expect(storage.load() == nil)
    }

    @Test func `a login with invalid input reports the issuer's message`() async throws {
        let refusal = ScriptedIssuer.Step.answer(
            status: 400, body: #"{"code":"invalid_input","message":"Email is required; Password is required"}"#)
        let session = try session(ScriptedIssuer([refusal]))
        let error = await #expect(throws: ClientError.self) { try await session.logIn(email: "", password: "") }
        #expect(error?.code == .invalidInput)
        #expect(error?.detail == "Email is required; Password is required")
    }

    @Test func `a logout that fails can be repeated or given up`()
        async throws
    {
        let storage = MemoryTokenStorage(pair(1))
        let issuer = ScriptedIssuer([.lost, .answer(status: 200, body: #"{"message":"Logged out"}"#)])
        let session = try session(issuer, storage: storage, configuration: .init(maximumAttempts: 1))
        #expect(try await session.accessToken() == "access-1")
        await #expect(throws: ClientError(.unavailable, "")) { try await session.logOut() }
        #expect(storage.load() != nil)
        try await session.logOut()
        #expect(storage.load() == nil)
        #expect(issuer.bodies == Array(repeating: #"{"refreshToken":"refresh-1"}"#, count: 2))
        await #expect(throws: ClientError(.notLoggedIn, "")) { try await session.accessToken() }

        storage.save(pair(2))
        try await session.forget()
        #expect(storage.load() == nil)
        #expect(issuer.requests.count == 2)
    }

    @Test func `a refresh in progress does not undo a later login`() async throws {
        let gate = Gate()
        let storage = MemoryTokenStorage(pair(1, life: 0))
        let issuer = ScriptedIssuer([.pair(2), .pair(3)], gate: gate)
        let session = try session(issuer, storage: storage)
        async let refreshed = session.accessToken()
        try await wait { gate.count == 0 }
        async let login = session.logIn(email: "bob@example.com", password: "p")
        gate.open()
        #expect(try await refreshed == "access-2")
        _ = try await login
        #expect(try await session.accessToken() == "access-3")
        #expect(storage.load()?.refreshToken == "refresh-3")
    }

    @Test func `a cancelled caller returns at once, and the others get the refresh`() async throws {
        let gate = Gate()
        let storage = MemoryTokenStorage(pair(1, life: 0))
        let issuer = ScriptedIssuer([.pair(2)], gate: gate)
        let session = try session(issuer, storage: storage)
        let first = Task { try await session.accessToken() }
        let second = Task { try await session.accessToken() }
        try await wait { gate.count == 0 }
        let third = Task { try await session.accessToken() }
        for hasty in [first, third] {
            hasty.cancel()
            await #expect(throws: ClientError(.cancelled, "")) { try await hasty.value }
        }
        gate.open()
        #expect(try await second.value == "access-2")
        #expect(storage.load()?.refreshToken == "refresh-2")
        #expect(issuer.requests.count == 1)
    }

    @Test func `a refresh without waiting callers is stored and serves the next caller`() async throws {
        let gate = Gate()
        let storage = MemoryTokenStorage(pair(1, life: 0))
        let issuer = ScriptedIssuer([.pair(2)], gate: gate)
        let session = try session(issuer, storage: storage)
        let only = Task { try await session.accessToken() }
        try await wait { gate.count == 0 }
        only.cancel()
        await #expect(throws: ClientError(.cancelled, "")) { try await only.value }
        gate.open()
        try await wait { !(storage.load()?.refreshToken == "refresh-2") }
        #expect(try await session.accessToken() == "access-2")
        #expect(issuer.requests.count == 1)
    }

    @Test func `a login and a logout continue without their caller`() async throws {
        let storage = MemoryTokenStorage()
        let gates = [Gate(), Gate()]
        let login = try session(ScriptedIssuer([.pair(1)], gate: gates[0]), storage: storage)
        let logout = try session(ScriptedIssuer([.answer(status: 200, body: "{}")], gate: gates[1]), storage: storage)
        let entering = Task { try await login.logIn(email: "ada@example.com", password: "secret") }
        try await wait { gates[0].count == 0 }
        entering.cancel()
        await #expect(throws: ClientError(.cancelled, "")) { try await entering.value }
        gates[0].open()
        try await wait { !(storage.load() != nil) }
        let leaving = Task { try await logout.logOut() }
        try await wait { gates[1].count == 0 }
        leaving.cancel()
        await #expect(throws: ClientError(.cancelled, "")) { try await leaving.value }
        gates[1].open()
        try await wait { !(storage.load() == nil) }
    }

    @Test func `a cancelled caller starts no login and no refresh, but can forget the tokens`() async throws {
        let issuer = ScriptedIssuer([.pair(2)])
        let storage = MemoryTokenStorage(pair(1, life: 0))
        let session = try session(issuer, storage: storage)
        let cancelled = Task {
            unsafe withUnsafeCurrentTask { unsafe $0?.cancel() }
            await #expect(throws: ClientError(.cancelled, "")) { try await session.accessToken() }
            await #expect(throws: ClientError(.cancelled, "")) {
                try await session.logIn(email: "ada@example.com", password: "secret")
            }
            try? await session.forget()
        }
        await cancelled.value
        try await wait { !(storage.load() == nil) }
        #expect(issuer.requests.isEmpty)
    }

    @Test func `refuses a plain http issuer and settings that are out of bounds`() async throws {
        let issuer = ScriptedIssuer([.lost])
        #expect(throws: ConfigurationError(.insecureURL, "")) {
            try UserSession(issuer: "http://id.example.com", fetcher: issuer)
        }
        #expect(throws: ConfigurationError(.malformedURL, "")) {
            try UserSession(issuer: "https://id.example.com?x", fetcher: issuer)
        }
        for configuration in [
            ClientConfiguration(timeout: .zero), .init(maximumAttempts: 0), .init(maximumAttempts: 11),
            .init(margin: .seconds(601)), .init(renewalPoint: .nan),
        ] {
            #expect(throws: ConfigurationError(.outOfRange, "")) {
                try UserSession(issuer: "https://id.example.com", fetcher: issuer, configuration: configuration)
            }
        }
    }

    @Test func `prints no token of a pair`() {
        #expect(!"\(pair(1))".contains("access-1") && !"\(pair(1))".contains("refresh-1"))
    }
}
