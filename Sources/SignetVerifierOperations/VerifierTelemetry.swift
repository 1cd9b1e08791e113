// Logs, metrics and the lifecycle of verifiers. The module SignetVerifier decides whether a token is accepted.

public import CoreMetrics
public import Logging
import SharedState
public import SignetVerifier

/// Writes log lines (swift-log) and metrics (swift-metrics) about verifiers and the documents that they fetch.
///
/// Pass one object to every verifier of a service as its observer. A line is logged when keys are fetched for the first
/// time, the issuer's keys change, fetches start to fail, the cached documents may no longer be used, or fetches work
/// again. Repeated failures are logged at `debug`.
public final class VerifierTelemetry: VerifierObserver {
    /// The names of the metrics.
    enum Metric {
        static let verifications = "signet_verifier_verifications_total"
        static let fetches = "signet_verifier_fetches_total"
        static let age = "signet_verifier_document_age_seconds"
        static let failures = "signet_verifier_failures_in_a_row"
    }

    /// The result of the last fetch from one location. The next fetch from that location compares its own result and
    /// logs changes.
    private struct Logged {
        var isUsable: Bool
        var keyIDs: [String]
    }

    /// The maximum number of locations in ``logged``. A new location beyond the maximum empties ``logged``, so lines
    /// about known locations may be logged again.
    private static let maximumDocuments = 16_384

    private let logger: Logger
    private let factory: any MetricsFactory
    private let verifications: [VerificationError.Code: Counter]
    private let accepted: Counter
    private let others: Counter
    private let logged = Guarded<[String: Logged]>([:])

    /// Creates an observer.
    ///
    /// - Parameters:
    ///   - logger: Receives the lines.
    ///   - metrics: Receives the metrics. The default is the factory of the process.
    public init(logger: Logger, metrics: any MetricsFactory = MetricsSystem.factory) {
        func counter(_ outcome: String) -> Counter {
            Counter(label: Metric.verifications, dimensions: [("outcome", outcome)], factory: metrics)
        }
        self.logger = logger
        factory = metrics
        accepted = counter("accepted")
        others = counter("other")
        verifications = Dictionary(
            uniqueKeysWithValues: VerificationError.Code.all.map { ($0, counter($0.rawValue)) })
    }

    public func verificationEnded(_ refusal: VerificationError?) {
        guard let refusal else { return accepted.increment() }
        (verifications[refusal.code] ?? others).increment()
    }

    public func fetchEnded(_ fetch: FetchReport) {
        Counter(
            label: Metric.fetches,
            dimensions: [("source", fetch.state.kind.rawValue), ("outcome", fetch.outcome.rawValue)], factory: factory
        ).increment()
        log(fetch)
    }

    /// Sets the gauges for each kind of document, such as keys or status lists: the age of the oldest document, and the
    /// largest number of failed fetches in a row.
    ///
    /// ``VerifierService`` calls this method regularly, because an age grows while nothing happens.
    /// - Parameter states: the states of all documents that a verifier fetches.
    public func record(_ states: [SourceState]) {
        for (kind, states) in Dictionary(grouping: states, by: \.kind) {
            let dimensions = [("source", kind.rawValue)]
            if let age = states.compactMap(\.age).max() {
                Meter(label: Metric.age, dimensions: dimensions, factory: factory).set(age.components.seconds)
            }
            Meter(label: Metric.failures, dimensions: dimensions, factory: factory)
                .set(states.map(\.failuresInARow).max() ?? 0)
        }
    }

    // MARK: Lines

    private func log(_ fetch: FetchReport) {
        let state = fetch.state
        let before = logged.withLock { logged in
            let before = logged[state.location]
            if before == nil, logged.count >= Self.maximumDocuments { logged.removeAll() }
            logged[state.location] = Logged(isUsable: state.isUsable, keyIDs: fetch.keyIDs)
            return before
        }
        var metadata: Logger.Metadata = ["source": "\(state.kind.rawValue)", "location": "\(state.location)"]
        guard fetch.outcome == .failed else {
            if fetch.failuresBefore > 0 {
                metadata["failed_attempts"] = "\(fetch.failuresBefore)"
                logger.notice("fetching works again", metadata: metadata)
            }
            if state.kind == .keys, before?.keyIDs != fetch.keyIDs {
                metadata["kid"] = .array(fetch.keyIDs.map { "\($0)" })
                logger.info(
                    before == nil ? "fetched the issuer's keys" : "the issuer's keys changed", metadata: metadata)
            }
            return
        }
        metadata["reason"] = "\(state.lastFailure?.reason ?? "unknown")"
        metadata["age_seconds"] = state.age.map { "\($0.components.seconds)" } ?? "never fetched"
        metadata["next_attempt_seconds"] = state.untilNextAttempt.map { "\($0.secondsRoundedUp)" }
        let hasEnded = !state.isUsable && before?.isUsable != false
        if state.lastFailure?.isContradiction == true, fetch.failuresBefore == 0 || hasEnded {
            logger.error("the issuer contradicts the configuration", metadata: metadata)
        } else if hasEnded {
            logger.error("cannot fetch, and nothing cached may be used: tokens get 503", metadata: metadata)
        } else if fetch.failuresBefore == 0 {
            logger.warning("cannot fetch; what is cached stays in use", metadata: metadata)
        } else {
            logger.debug("cannot fetch", metadata: metadata)
        }
    }
}

extension Duration {
    /// The duration in whole seconds. A retry after this time is not too early.
    fileprivate var secondsRoundedUp: Int64 { components.seconds + (components.attoseconds > 0 ? 1 : 0) }
}
