public import Logging
public import ServiceLifecycle
public import SignetVerifier

/// Warms a verifier up when a service starts, and records its gauges while the service runs.
///
/// If the metadata at the issuer's URL contradicts the configuration, for example because it names another issuer,
/// ``run()`` throws, so that a wrong setting stops the start. If the issuer cannot be reached, the service logs a
/// warning and tries again until it has keys.
public struct VerifierService: Service {
    private let verifier: Verifier
    private let logger: Logger
    private let telemetry: VerifierTelemetry?
    private let interval: Duration
    private let sleep: @Sendable (Duration) async throws -> Void

    /// Creates the service.
    ///
    /// - Parameters:
    ///   - verifier: The verifier to warm up.
    ///   - logger: Receives a line for each failed warm-up.
    ///   - telemetry: Records the gauges; `nil` records none.
    ///   - interval: The time between two recordings, and between two attempts to warm up: at least 1 second.
    public init(
        verifier: Verifier, logger: Logger, telemetry: VerifierTelemetry? = nil, interval: Duration = .seconds(15)
    ) {
        self.init(
            verifier: verifier, logger: logger, telemetry: telemetry, interval: interval,
            sleep: { try await Task.sleep(for: $0) })
    }

    init(
        verifier: Verifier, logger: Logger, telemetry: VerifierTelemetry?, interval: Duration,
        sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.verifier = verifier
        self.logger = logger
        self.telemetry = telemetry
        self.interval = max(interval, .seconds(1))
        self.sleep = sleep
    }

    /// Runs until the service group shuts down or the task is cancelled.
    ///
    /// - Throws: `VerificationError` with `issuerMismatch` if the issuer's metadata contradicts the configuration
    ///   before the first keys are fetched.
    public func run() async throws {
        try await cancelWhenGracefulShutdown {
            var isWarm = false
            while !Task.isCancelled {
                if !isWarm { isWarm = try await warmUp() }
                telemetry?.record(verifier.sourceStates)
                guard (try? await sleep(interval)) != nil else { return }
            }
        }
    }

    private func warmUp() async throws -> Bool {
        do throws(VerificationError) {
            try await verifier.warmUp()
            return true
        } catch {
            guard error.code != .issuerMismatch else { throw error }
            logger.warning(
                "the verifier has no keys yet", metadata: ["code": "\(error.code)", "reason": "\(error.detail)"])
            return false
        }
    }
}
