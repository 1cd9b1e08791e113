import HTTPFetching
import TestSupport
import Testing

@testable import SignetClient

@Suite("A user's session", .timeLimit(.minutes(1)))
struct UserSessionTests {
    private let clock = TestClock()

    /// For tests that answer when they are ready to: a busy machine may take its time.
    private static let patient = ClientConfiguration(timeout: .seconds(60))

    private func session(
        _ issuer: ScriptedIssuer, storage: any TokenStorage = MemoryTokenStorage(),
        configuration: ClientConfiguration = Self.patient
    ) throws -> UserSession {
        try UserSession(
            issuer: "https://id.example.com", storage: storage, fetcher: issuer, configuration: configuration,
            environment: clock.environment)
    }

    private func pair(_ number: Int, life: Int64 = 900) -> TokenPair {
        TokenPair(
            accessToken: "access-\(number)", refreshToken: "refresh-\(number)", issuedAt: clock.now,
            expiresAt: clock.now + .seconds(life), refreshExpiresAt: clock.now + .seconds(604_800))
    }

    @Test func `keeps the pair of a login and asks for no other while it is fresh`() async throws {
        let issuer = ScriptedIssuer([.pair(1)])
        let session = try session(issuer)
        try await session.logIn(email: "ada@example.com", password: "secret", deviceName: "Ada's phone")
        #expect(try await session.accessToken() == "access-1")
        clock.advance(by: .seconds(869))
        #expect(try await session.accessToken() == "access-1")
        #expect(issuer.requests.map(\.url) == ["https://id.example.com/api/login"])
        #expect(
            issuer.bodies == [#"{"email":"ada@example.com","password":"secret","deviceName":"Ada's phone"}"#])
    }

    @Test func `refreshes the token shortly before its end, and stores the new pair first`() async throws {
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

    @Test func `replaces a token that a service refused, and once for all whom it was refused to`() async throws {
        let issuer = ScriptedIssuer([.pair(2), .pair(3)])
        let session = try session(issuer, storage: MemoryTokenStorage(pair(1)))
        #expect(try await session.accessToken() == "access-1")
        #expect(try await session.accessToken(insteadOf: "access-1") == "access-2")
        #expect(try await session.accessToken(insteadOf: "access-1") == "access-2")
        #expect(issuer.requests.count == 1)
    }

    @Test func `repeats a refresh whose answer was lost with the same refresh token, later each time`() async throws {
        let issuer = ScriptedIssuer([.lost, .refusal(503, code: "busy"), .lost, .pair(2)])
        let session = try session(issuer, storage: MemoryTokenStorage(pair(1, life: 0)))
        #expect(try await session.accessToken() == "access-2")
        #expect(Set(issuer.bodies) == [#"{"refreshToken":"refresh-1"}"#])
        #expect(clock.waits == [.milliseconds(250), .milliseconds(500), .seconds(1)])
    }

    @Test func `waits as long as the issuer asks, and not at all when that is too long`() async throws {
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

    @Test func `keeps the pair when the issuer cannot be reached, and gets on when it can be again`() async throws {
        let storage = MemoryTokenStorage(pair(1, life: 0))
        let issuer = ScriptedIssuer([.lost, .lost, .lost, .lost, .lost, .pair(2)])
        let session = try session(issuer, storage: storage)
        await #expect(throws: ClientError(.unavailable, "")) { try await session.accessToken() }
        #expect(issuer.requests.count == 5)
        #expect(storage.load()?.refreshToken == "refresh-1")
        #expect(try await session.accessToken() == "access-2")
    }

    @Test(arguments: ["refresh_token_dead", "invalid_refresh_token"])
    func `ends when the issuer says so`(code: String) async throws {
        let storage = MemoryTokenStorage(pair(1, life: 0))
        let issuer = ScriptedIssuer([.refusal(401, code: code)])
        let session = try session(issuer, storage: storage)
        await #expect(throws: ClientError(.sessionEnded, "")) { try await session.accessToken() }
        #expect(storage.load() == nil)
        await #expect(throws: ClientError(.notLoggedIn, "")) { try await session.accessToken() }
        #expect(issuer.requests.count == 1)
    }

    @Test func `hands out no token of a session that the issuer has ended, though it would be good by its times`()
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

    @Test func `hands out no token that is no longer stored`() async throws {
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

    @Test func `hands out no token of a session that has ended, though its storage cannot be emptied`() async throws {
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

    @Test func `hands out no token after a logout whose tokens cannot be removed`() async throws {
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
    func `counts a token's life by a clock that is not set, too`(isStored: Bool) async throws {
        let issuer = ScriptedIssuer(isStored ? [.pair(2)] : [.pair(1), .pair(2)])
        let session = try session(issuer, storage: MemoryTokenStorage(isStored ? pair(1) : nil))
        if !isStored { try await session.logIn(email: "ada@example.com", password: "secret") }
        #expect(try await session.accessToken() == "access-1")
        clock.advance(by: .seconds(869))
        clock.setBack(by: .seconds(869))
        #expect(try await session.accessToken() == "access-1")
        clock.advance(by: .seconds(1))
        #expect(try await session.accessToken() == "access-2")
    }

    @Test func `gives a refresh up in time for others to hear of it, whatever the configuration`() async throws {
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

    @Test func `waits for a busy issuer no longer than for a silent one`() async throws {
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
    func `does not end because of an answer that is not the issuer's`(step: ScriptedIssuer.Step) async throws {
        let storage = MemoryTokenStorage(pair(1, life: 0))
        let session = try session(ScriptedIssuer([step]), storage: storage)
        await #expect(throws: ClientError(.unexpectedAnswer, "")) { try await session.accessToken() }
        #expect(storage.load()?.refreshToken == "refresh-1")
    }

    @Test func `throws a new pair away that cannot be stored: the former one is the one to go on with`() async throws {
        let storage = BrokenStorage(pair(1, life: 0))
        let session = try session(ScriptedIssuer([.pair(2)]), storage: storage)
        await #expect(throws: ClientError(.storageFailed, "")) { try await session.accessToken() }
        storage.repair()
        #expect(try await session.accessToken() == "access-2")
        #expect(storage.load()?.refreshToken == "refresh-2")
    }

    @Test func `a login is sent once, and says why it failed`() async throws {
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

    @Test func `a login that lacks something says so in the issuer's words`() async throws {
        let refusal = ScriptedIssuer.Step.answer(
            status: 400, body: #"{"code":"invalid_input","message":"Email is required; Password is required"}"#)
        let session = try session(ScriptedIssuer([refusal]))
        let error = await #expect(throws: ClientError.self) { try await session.logIn(email: "", password: "") }
        #expect(error?.code == .invalidInput)
        #expect(error?.detail == "Email is required; Password is required")
    }

    @Test func `a logout ends the session at the issuer first; one that fails can be repeated or given up`()
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

    @Test func `a login that follows a refresh under way is not undone by it`() async throws {
        let gate = Gate()
        let storage = MemoryTokenStorage(pair(1, life: 0))
        let issuer = ScriptedIssuer([.pair(2), .pair(3)], gate: gate)
        let session = try session(issuer, storage: storage)
        async let refreshed = session.accessToken()
        try await wait { gate.count == 0 }
        async let login: Void = session.logIn(email: "bob@example.com", password: "p")
        gate.open()
        #expect(try await refreshed == "access-2")
        try await login
        #expect(try await session.accessToken() == "access-3")
        #expect(storage.load()?.refreshToken == "refresh-3")
    }

    @Test func `a caller that is cancelled comes back at once, and the others still get the refresh`() async throws {
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

    @Test func `a refresh that nobody waits for any more is stored, and serves whoever comes next`() async throws {
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

    @Test func `a login and a logout go on without their caller`() async throws {
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

    @Test func `a caller that is cancelled before it asks begins no login and no refresh, but may forget`() async throws
    {
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

    @Test func `refuses an issuer that would get passwords in the clear, and bounds that cannot be meant`() async throws
    {
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

    @Test func `tells no token when a pair is printed`() {
        #expect(!"\(pair(1))".contains("access-1") && !"\(pair(1))".contains("refresh-1"))
    }
}
