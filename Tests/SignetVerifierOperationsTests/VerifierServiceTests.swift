import InMemoryLogging
import Logging
import MetricsTestKit
import ServiceLifecycle
import SharedState
import SignetTesting
import SignetVerifier
import TestSupport
import Testing

@testable import SignetVerifierOperations

@Suite("The service of a verifier", .timeLimit(.minutes(1)))
struct VerifierServiceTests {
    private let metrics = TestMetrics()
    private let log = InMemoryLogHandler()
    private let clock = MonotonicClock()

    private var logger: Logger {
        let log = log
        return Logger(label: "test") { _ in log }
    }

    private func run(_ service: VerifierService) async throws {
        try await ServiceGroup(configuration: .init(services: [service], logger: logger)).run()
    }

    @Test func `ends with both names if another issuer answers`() async throws {
        let issuer = try TestIssuer(issuer: "https://issuer.test")
        let verifier = try Verifier(issuer: "https://issuer.test/", audiences: [issuer.audience], fetcher: issuer)
        let error = await #expect(throws: VerificationError.self) {
            try await VerifierService(verifier: verifier, logger: logger).run()
        }
        #expect(error?.code == .issuerMismatch)
        #expect(error?.detail.contains(#"expected "https://issuer.test/", found "https://issuer.test""#) == true)
    }

    @Test func `survives an issuer that is down at the start, warms up later and records gauges`() async throws {
        let issuer = try TestIssuer()
        issuer.goDown()
        let telemetry = VerifierTelemetry(logger: logger, metrics: metrics)
        let keys = try RemoteKeySource(issuer: issuer.issuer, fetcher: issuer, observer: telemetry, now: clock.now)
        let verifier = Verifier(policy: try issuer.policy(), keys: keys, observer: telemetry)
        let rounds = Guarded(0)
        let service = VerifierService(
            verifier: verifier, logger: logger, telemetry: telemetry, interval: .seconds(15)
        ) { [clock] interval in
            #expect(interval == .seconds(15))
            let round = rounds.withLock { rounds in
                rounds += 1
                return rounds
            }
            if round == 2 { issuer.comeBack() }
            clock.set(to: .seconds(100 * round))
            if round == 5 { throw CancellationError() }
        }
        try await service.run()
        #expect(log.entries.filter { "\($0.message)" == "the verifier has no keys yet" }.count == 2)
        #expect(await verifier.readiness().isReady)
        // The service records the age of the keys every 100 s, from 0 s to 400 s. The issuer answers only from 200 s
        // on. Before that there are no keys, so the first two rounds record no age.
        let age = try metrics.expectMeter("signet_verifier_document_age_seconds", [("source", "keys")])
        #expect(age.values == [0, 100, 200])
        let failures = try metrics.expectMeter("signet_verifier_failures_in_a_row", [("source", "keys")])
        #expect(failures.values == [1, 2, 0, 0, 0])
    }

    @Test func `ends when its group shuts down`() async throws {
        let issuer = try TestIssuer()
        let service = VerifierService(verifier: try issuer.verifier(), logger: logger)
        let group = ServiceGroup(configuration: .init(services: [service], logger: logger))
        async let running: Void = group.run()
        await group.triggerGracefulShutdown()
        try await running
    }
}
