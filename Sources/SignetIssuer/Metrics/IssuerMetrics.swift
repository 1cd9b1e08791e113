package import CoreMetrics

/// Measures what the issuer does. Measuring is an addition in memory: it waits for nothing and cannot fail.
///
/// Every label has a few values that are written down here: nothing that a caller sends becomes one.
package struct IssuerMetrics: Sendable {
    /// Measures nothing.
    package static let none = IssuerMetrics(factory: NOOPMetricsHandler.instance)

    let logins: OutcomeCounters<LoginOutcome>
    let refreshes: OutcomeCounters<RefreshOutcome>
    let hashing: HashingMetrics
    /// Of the signing keys.
    package let keys: KeyMetrics
    let audit: AuditMetrics
    /// Of the sweeper.
    package let sweeps: SweepMetrics

    /// - Parameter factory: where the measurements go.
    package init(factory: any MetricsFactory) {
        logins = OutcomeCounters(.logins, factory: factory)
        refreshes = OutcomeCounters(.refreshes, factory: factory)
        hashing = HashingMetrics(factory: factory)
        keys = KeyMetrics(factory: factory)
        audit = AuditMetrics(factory: factory)
        sweeps = SweepMetrics(factory: factory)
    }
}
