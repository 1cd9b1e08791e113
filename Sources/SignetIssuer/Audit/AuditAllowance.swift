import SignetStore

/// A token bucket: what a flood may use at once, and how fast that comes back.
struct AuditAllowance: Sendable {
    private let burst: Double
    private let perMinute: Double
    private var left: Double
    private var updated: Timestamp?

    /// Starts full.
    init(burst: Double, perMinute: Double) {
        self.burst = burst
        self.perMinute = perMinute
        left = burst
    }

    /// Takes one, if there is one.
    mutating func take(at now: Timestamp) -> Bool {
        // A clock that stepped back gives nothing, and is what counts from then on.
        let elapsed = updated.map { max(.zero, now.since($0)) } ?? .zero
        updated = now
        left = min(burst, left + Self.minutes(elapsed) * perMinute)
        guard left >= 1 else { return false }
        left -= 1
        return true
    }

    private static func minutes(_ duration: Duration) -> Double {
        let (seconds, attoseconds) = duration.components
        return (Double(seconds) + Double(attoseconds) / 1e18) / 60
    }
}
