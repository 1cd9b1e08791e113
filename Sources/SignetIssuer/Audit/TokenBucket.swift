import SignetStore

/// A token bucket: what a flood may use at once, and how fast that comes back.
struct TokenBucket: Sendable {
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
        left = min(burst, left + elapsed / .seconds(60) * perMinute)
        // What sums up to one in tenths is a little less in binary.
        guard left >= 1 - 1e-9 else { return false }
        left = max(0, left - 1)
        return true
    }
}
