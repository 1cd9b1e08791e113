import CoreMetrics
import Synchronization

/// How values are spread over fixed buckets. The lock is held for two additions.
final class HistogramSeries: Series, RecorderHandler, TimerHandler {
    private struct State {
        /// Values of each bucket alone, the one without a bound last.
        var counts: [UInt64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    /// - Parameter bounds: upper ones, included; ascending.
    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    /// What is not a number is passed over: it is in no bucket, and would spoil the sum for good.
    func record(_ value: Double) {
        guard !value.isNaN else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    func recordNanoseconds(_ duration: Int64) { record(Double(max(0, duration)) / 1_000_000_000) }

    func write(to text: inout ExpositionText, name: String, labels: String) {
        let state = state.withLock { $0 }
        let prefix = labels.isEmpty ? "" : labels + ","
        var total: UInt64 = 0
        for (bound, count) in zip(bounds + [.infinity], state.counts) {
            total += count
            text.add(
                "\(name)_bucket", labels: "\(prefix)le=\"\(ExpositionText.number(bound))\"", value: "\(total)")
        }
        text.add("\(name)_sum", labels: labels, value: ExpositionText.number(state.sum))
        text.add("\(name)_count", labels: labels, value: "\(total)")
    }
}
