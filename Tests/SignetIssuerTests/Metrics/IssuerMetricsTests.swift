import PrometheusExposition
import SignetKeyring
import SignetStore
import TestSupport
import Testing

@testable import SignetIssuer

@Suite(.timeLimit(.minutes(1))) struct IssuerMetricsTests {
    private let registry = PrometheusRegistry()

    private func value(_ metric: IssuerMetric, _ outcome: String) -> Double? {
        registry.value("\(metric.rawValue){outcome=\"\(outcome)\"}")
    }

    @Test func `logins are counted by outcome, and every outcome exists from the start`() async throws {
        let test = try IssuerFixture.make(metrics: IssuerMetrics(factory: registry))
        for outcome in LoginOutcome.allCases { #expect(value(.logins, outcome.rawValue) == 0) }
        try await test.register()
        _ = try await test.login()
        for _ in 0..<5 { await expect(.invalidCredentials) { try await test.login(password: "wrong horse") } }
        await expect(.tooManyAttempts) { try await test.login(email: "ada@example.com", password: "wrong horse") }
        await expect(.invalidCredentials) { try await test.login(email: "nobody@example.com") }
        #expect(value(.logins, "succeeded") == 1)
        #expect(value(.logins, "refused") == 6)
        #expect(value(.logins, "delayed") == 1)
        #expect(value(.logins, "failed") == 0)
    }

    @Test func `a login that the full hashing queue refuses is counted as busy and as refused by the queue`()
        async throws
    {
        let metrics = IssuerMetrics(factory: registry)
        let passwords = PasswordHasher(
            threads: 1, queueLimit: 1, cost: PasswordHashingCost(passes: 1, kibibytes: 65_536), metrics: metrics)
        let test = try IssuerFixture.make(passwords: passwords, metrics: metrics)
        let codes = await withTaskGroup(of: IssuerError.Code?.self) { group in
            for number in 0..<20 {
                group.addTask {
                    do {
                        _ = try await test.issuer.login(
                            email: "\(number)@example.com", password: IssuerFixture.password,
                            from: RequestSource(address: "2001:db8:\(number)::1", device: ""))
                        return nil
                    } catch { return (error as? IssuerError)?.code }
                }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        let busy = Double(codes.count { $0 == .busy })
        #expect(busy > 0)
        #expect(value(.logins, "busy") == busy)
        #expect(value(.logins, "refused") == 20 - busy)
        #expect(registry.value("signet_password_hashing_refused_total") == busy)
        #expect(registry.value("signet_password_hashing_waiting") == 0)
        #expect(registry.value("signet_password_hashing_seconds_count") == 20 - busy)
        #expect(try #require(registry.value("signet_password_hashing_seconds_sum")) > 0)
    }

    @Test func `the gauge of waiting passwords follows jobs that join, leave and are cancelled`() async throws {
        let threads = HashingThreads(count: 1, queueLimit: 9, metrics: IssuerMetrics(factory: registry).hashing)
        let barrier = HashingThreadsTests.Barrier()
        async let running = threads.run { barrier.pass() }
        await barrier.waitUntilEntered()
        let waiting = (0..<3).map { number in Task { try await threads.run { number } } }
        try #require(await eventually { threads.waiting == 3 })
        #expect(registry.value("signet_password_hashing_waiting") == 3)
        waiting[1].cancel()
        await #expect(throws: CancellationError.self) { try await waiting[1].value }
        try #require(await eventually { registry.value("signet_password_hashing_waiting") == 2 })
        barrier.open()
        _ = try await running
        #expect(try await waiting[0].value == 0)
        #expect(try await waiting[2].value == 2)
        #expect(registry.value("signet_password_hashing_waiting") == 0)
    }

    @Test func `refreshes are counted by outcome`() async throws {
        let test = try IssuerFixture.make(metrics: IssuerMetrics(factory: registry))
        for outcome in RefreshOutcome.allCases { #expect(value(.refreshes, outcome.rawValue) == 0) }
        let first = try await test.session()
        let second = try await test.refresh(first)
        _ = try await test.refresh(first)
        _ = try await test.refresh(first)
        test.clock.advance(by: .seconds(31))
        let third = try await test.refresh(first)
        _ = try await test.refresh(third)
        await expect(.refreshTokenDead) { try await test.refresh(second) }
        await expect(.refreshTokenDead) { try await test.refresh(third) }
        await expect(.refreshTokenInvalid) { try await test.issuer.refresh("srt_x", from: IssuerFixture.source) }
        #expect(value(.refreshes, "rotated") == 2)
        #expect(value(.refreshes, "replayed") == 2)
        #expect(value(.refreshes, "recovered") == 1)
        #expect(value(.refreshes, "reused") == 1)
        #expect(value(.refreshes, "refused") == 1)
        #expect(value(.refreshes, "invalid") == 1)
        #expect(value(.refreshes, "failed") == 0)
    }

    @Test func `a refresh that the store could not write is counted as failed`() async throws {
        let test = try IssuerFixture.make()
        let tokens = try await test.session()
        let store = FailingStore(store: test.store)
        let issuer = try Issuer(
            configuration: .make(), store: store, keyring: test.keyring, passwords: test.passwords,
            now: { test.clock.now }, logger: test.issuer.logger, metrics: IssuerMetrics(factory: registry))
        store.fails = true
        await expect(.storeUnavailable) { try await issuer.refresh(tokens.refreshToken, from: IssuerFixture.source) }
        #expect(value(.refreshes, "failed") == 1)
        #expect(value(.refreshes, "rotated") == 0)
    }

    @Test func `refusals are counted when they are buffered and when they are written, and the log is measured`()
        async throws
    {
        let test = try IssuerFixture.make(metrics: IssuerMetrics(factory: registry))
        try await test.register()
        // Make four failed logins that differ only in time. The audit log combines them into one record.
        for _ in 0..<4 { await expect(.invalidCredentials) { try await test.login(password: "wrong horse") } }
        try await test.issuer.audit.flush()
        try await test.issuer.audit.measure()
        let state = try test.store.read { try $0.auditState() }
        #expect(registry.value("signet_audit_noted_total") == 4)
        #expect(registry.value("signet_audit_folded_total") == 1)
        #expect(state.head.sequence == 2)
        #expect(registry.value("signet_audit_newest_sequence") == 2)
        #expect(registry.value("signet_audit_records") == 2)
        #expect(registry.value("signet_audit_bytes") == Double(state.byteCount))
    }

    @Test func `records that the sweeper removes are counted`() async throws {
        let test = try IssuerFixture.make()
        _ = try await test.session()
        let metrics = IssuerMetrics(factory: registry)
        let sweeper = Sweeper(store: test.store, metrics: metrics)
        let removed = try await sweeper.sweep(at: test.clock.now + .seconds(8 * 86_400))
        #expect(removed > 0)
        #expect(registry.value("signet_swept_total") == Double(removed))
        metrics.sweeps.completed(at: Timestamp(seconds: 1_800_000_000))
        #expect(registry.value("signet_sweep_completed_timestamp_seconds") == 1_800_000_000)
        metrics.sweeps.failed()
        #expect(registry.value("signet_sweep_failures_total") == 1)
    }

    @Test func `the signing key's age and the time to its successor follow the plan`() throws {
        let directory = TemporaryDirectory()
        let start = WallClock.start
        let keyring = try Keyring.open(directory: directory.path, now: start)
        let metrics = IssuerMetrics(factory: registry)
        let signing = try #require(keyring.overview.signingSince(at: start))
        let rotation = Duration.seconds(30 * 86_400)

        metrics.keys.update(keyring.overview, faults: 2, at: signing + .seconds(100))
        #expect(registry.value("signet_signing_key_age_seconds") == 100)
        let left = try #require(registry.value("signet_signing_key_rotation_seconds"))
        #expect(abs(left - (30 * 86_400 - 100)) < 0.001)
        #expect(registry.value("signet_keyring_faults") == 2)

        // If the clock is set back to before the activation, the key signs although it is not active.
        let early = signing - .seconds(3_600)
        #expect(keyring.overview.listing(at: early).contains { $0.isSigning })
        #expect(keyring.overview.signingSince(at: early) == nil)
        metrics.keys.update(keyring.overview, faults: 0, at: early)
        #expect(registry.value("signet_signing_key_age_seconds")?.isNaN == true)

        // `advance` creates the next signing key. After that, the metric is the time until this key starts to sign.
        let late = signing + rotation - .seconds(3_600)
        _ = try keyring.advance(at: late)
        let activation = try #require(keyring.listing(at: late).first { $0.state == .next }?.activatesAt)
        metrics.keys.update(keyring.overview, faults: 0, at: late)
        #expect(
            registry.value("signet_signing_key_rotation_seconds") == Double(activation.since(late) / .seconds(1)))
        metrics.keys.update(keyring.overview, faults: 0, at: activation + .seconds(5))
        #expect(registry.value("signet_signing_key_age_seconds") == 5)
        #expect(registry.value("signet_keyring_faults") == 0)

        // Nothing has created the next signing key of this keyring, so the rotation is a day overdue. The metric must
        // then be 0 and not negative.
        let idle = try Keyring.open(directory: TemporaryDirectory().path, now: start)
        metrics.keys.update(idle.overview, faults: 0, at: start + rotation + .seconds(86_400))
        #expect(registry.value("signet_signing_key_rotation_seconds") == 0)
    }

    @Test func `the time until the next rotation is infinite if keys are rotated by command only`() throws {
        let terms = try KeyPolicy(
            rotationInterval: nil, lead: .seconds(86_400), maxAge: .seconds(300), accessTokenLifetime: .seconds(900),
            sessionLifetime: .seconds(90 * 86_400))
        let keyring = try Keyring.open(
            directory: TemporaryDirectory().path, policy: terms, now: WallClock.start)
        IssuerMetrics(factory: registry).keys.update(keyring.overview, faults: 0, at: WallClock.start)
        #expect(registry.value("signet_signing_key_rotation_seconds") == .infinity)
    }
}

extension PrometheusRegistry {
    /// The value of a sample on the metrics page; `nil` if the page does not have the sample.
    func value(_ sample: String) -> Double? {
        text().split(separator: "\n").first { $0.hasPrefix(sample + " ") }
            .flatMap { Double($0.dropFirst(sample.count + 1)) }
    }
}
