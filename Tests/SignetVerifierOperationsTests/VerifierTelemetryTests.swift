import InMemoryLogging
import Logging
import MetricsTestKit
import SignetTesting
import SignetVerifier
import SignetVerifierOperations
import TestSupport
import Testing

@Suite("The telemetry of a verifier", .timeLimit(.minutes(1)))
struct VerifierTelemetryTests {
    private let metrics = TestMetrics()
    private let log = InMemoryLogHandler()
    private let clock = MonotonicClock()

    private var logger: Logger {
        let log = log
        var logger = Logger(label: "test") { _ in log }
        logger.logLevel = .info
        return logger
    }

    /// The lines of the log: level and message.
    private var lines: [String] { log.entries.map { "\($0.level): \($0.message)" } }

    private func count(_ label: String, _ dimensions: [(String, String)]) -> Int64? {
        try? metrics.expectCounter(label, dimensions).totalValue
    }

    @Test func `counts verifications by outcome and fetches by result`() async throws {
        let issuer = try TestIssuer()
        let telemetry = VerifierTelemetry(logger: logger, metrics: metrics)
        let verifier = try Verifier(
            issuer: issuer.issuer, audiences: [issuer.audience], fetcher: issuer, observer: telemetry)
        for _ in 0..<3 { _ = try await verifier.verify(issuer.token()) }
        _ = try? await verifier.verify(issuer.token(fault: .expired))
        telemetry.verificationEnded(VerificationError(.init(rawValue: "made up"), ""))
        let name = "signet_verifier_verifications_total"
        #expect(count(name, [("outcome", "accepted")]) == 3)
        #expect(count(name, [("outcome", "expired")]) == 1)
        #expect(count(name, [("outcome", "wrongIssuer")]) == 0)
        #expect(count(name, [("outcome", "other")]) == 1)
        #expect(count("signet_verifier_fetches_total", [("source", "keys"), ("outcome", "fetched")]) == 1)
    }

    @Test func `logs an outage when it starts, when the keys end, and when it is over`() async throws {
        let issuer = try TestIssuer()
        let telemetry = VerifierTelemetry(logger: logger, metrics: metrics)
        var configuration = RemoteKeyConfiguration()
        configuration.outageWindow = .seconds(60)
        let keys = try RemoteKeySource(
            issuer: issuer.issuer, fetcher: issuer, configuration: configuration, observer: telemetry, now: clock.now)
        let verifier = Verifier(policy: try issuer.policy(), keys: keys, observer: telemetry)
        let token = try issuer.token()
        _ = try await verifier.verify(token)
        #expect(lines == ["info: fetched the issuer's keys"])

        issuer.goDown()
        // While the issuer is down, one attempt to fetch the keys starts every 30 s (the cooldown). The keys may be
        // used until 660 s: for their lifetime of 600 s and the outage window of 60 s.
        for failures in 1...7 {
            clock.set(to: .seconds(470 + 30 * failures))
            _ = try? await verifier.verify(token)
            try await wait { keys.sourceState?.failuresInARow != failures }
        }
        try await wait { lines.count < 3 }
        #expect(
            lines.dropFirst() == [
                "warning: cannot fetch; what is cached stays in use",
                "error: cannot fetch, and nothing cached may be used: tokens get 503",
            ])
        let warning = try #require(log.entries.first { $0.level == .warning })
        #expect("\(warning.metadata["reason"] ?? "")".contains(issuer.jwksURL))
        #expect(warning.metadata["age_seconds"] == "500" && warning.metadata["next_attempt_seconds"] == "30")

        issuer.comeBack()
        let old = issuer.keyID
        let new = try issuer.rotateKey()
        clock.set(to: .seconds(800))
        _ = try await verifier.verify(issuer.token())
        #expect(lines.dropFirst(3) == ["notice: fetching works again", "info: the issuer's keys changed"])
        #expect(log.entries.last?.metadata["kid"] == .array(["\(old)", "\(new)"]))
    }

    @Test func `logs an outage of introspection as an error if no answer is cached, and as a warning if one is`()
        async throws
    {
        for (maximumAge, levels) in [
            (Duration.zero, ["error: cannot fetch, and nothing cached may be used: tokens get 503"]),
            (
                .seconds(60),
                [
                    "warning: cannot fetch; what is cached stays in use",
                    "error: cannot fetch, and nothing cached may be used: tokens get 503",
                ]
            ),
        ] {
            log.clear()
            let issuer = try TestIssuer()
            issuer.addClient(id: "orders", secret: "secret")
            let client = try IntrospectionClient(
                issuer: issuer.issuer, clientID: "orders", clientSecret: "secret", fetcher: issuer,
                configuration: IntrospectionConfiguration(maximumAge: maximumAge),
                observer: VerifierTelemetry(logger: logger, metrics: metrics), now: clock.now)
            _ = try await client.requireActive(issuer.token())
            #expect(lines == [])
            issuer.goDown()
            // One failed request within the maximum age of the answer, and two after it.
            for _ in 0..<3 {
                _ = try? await client.introspect("another")
                clock.advance(by: .seconds(60))
            }
            try await wait { lines.count < levels.count }
            #expect(lines == levels)
            let reason = "\(log.entries.first?.metadata["reason"] ?? "")"
            #expect(reason.contains(issuer.introspectionURL), "\(reason)")
            issuer.comeBack()
            _ = try await client.introspect("another")
            try await wait { lines.count == levels.count }
            #expect(lines.dropFirst(levels.count) == ["notice: fetching works again"])
        }
    }

    @Test func `rounds the pause before the next attempt up`() async throws {
        let issuer = try TestIssuer()
        issuer.goDown()
        let clock = clock
        let keys = try RemoteKeySource(
            issuer: issuer.issuer, fetcher: issuer, observer: VerifierTelemetry(logger: logger, metrics: metrics),
            now: {
                clock.advance(by: .milliseconds(1))
                return clock.now()
            })
        _ = try? await keys.keys(for: nil)
        // The pause of one second began some milliseconds before the report.
        #expect(log.entries.first?.metadata["next_attempt_seconds"] == "1")
    }

    @Test func `logs metadata of another issuer as an error with both names`() async throws {
        let issuer = try TestIssuer(issuer: "https://issuer.test")
        let telemetry = VerifierTelemetry(logger: logger, metrics: metrics)
        let verifier = try Verifier(
            issuer: "https://issuer.test/", audiences: [issuer.audience], fetcher: issuer, observer: telemetry)
        await #expect(throws: VerificationError(.issuerMismatch, "")) { try await verifier.warmUp() }
        #expect(lines == ["error: the issuer contradicts the configuration"])
        let reason = "\(log.entries.first?.metadata["reason"] ?? "")"
        #expect(reason.contains(#"expected "https://issuer.test/", found "https://issuer.test""#), "\(reason)")
    }

    @Test func `records the greatest age and the most failures of each kind`() throws {
        let issuer = try TestIssuer()
        let telemetry = VerifierTelemetry(logger: logger, metrics: metrics)
        let keys = try RemoteKeySource(issuer: issuer.issuer, fetcher: issuer, now: clock.now)
        telemetry.record([])
        telemetry.record([try #require(keys.sourceState)])
        #expect(throws: (any Error).self) {
            try metrics.expectMeter("signet_verifier_document_age_seconds", [("source", "keys")])
        }
        #expect(
            try metrics.expectMeter("signet_verifier_failures_in_a_row", [("source", "keys")]).lastValue == 0)
    }
}
