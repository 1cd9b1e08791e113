import CoreMetrics
import Synchronization

/// The current value of a metric for one set of labels.
protocol Series: AnyObject, Sendable {
    /// Appends the current samples of this series, under the metric name `name`, to `text`.
    /// - Parameter labels: the labels in the form of ``SeriesLabels/text``.
    func write(to text: inout ExpositionText, name: String, labels: String)
}

/// A counter: its value only grows, except when `reset()` sets it to zero.
final class CounterSeries: Series, CounterHandler {
    private let value = Atomic<Int64>(0)

    /// Adds `amount`; ignores zero and negative amounts.
    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        value.wrappingAdd(amount, ordering: .relaxed)
    }

    func reset() { value.store(0, ordering: .relaxed) }

    func write(to text: inout ExpositionText, name: String, labels: String) {
        text.add(name, labels: labels, value: "\(value.load(ordering: .relaxed))")
    }
}

/// A gauge: its value can be set, raised and lowered.
final class GaugeSeries: Series, RecorderHandler, MeterHandler {
    private let value = Mutex(0.0)

    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { self.value.withLock { $0 = value } }
    func increment(by amount: Double) { value.withLock { $0 += amount } }
    func decrement(by amount: Double) { value.withLock { $0 -= amount } }

    func write(to text: inout ExpositionText, name: String, labels: String) {
        text.add(name, labels: labels, value: ExpositionText.number(value.withLock { $0 }))
    }
}

/// A histogram with fixed buckets.
final class HistogramSeries: Series, RecorderHandler, TimerHandler {
    private struct State {
        /// The number of recorded values in each bucket, not cumulative. The last bucket has no upper bound.
        var counts: [UInt64]
        var sum = 0.0
    }

    private let bounds: [Double]
    private let state: Mutex<State>

    /// Creates an empty histogram.
    /// - Parameter bounds: the inclusive upper bounds of the buckets in ascending order, without `+Inf`.
    init(bounds: [Double]) {
        self.bounds = bounds
        state = Mutex(State(counts: Array(repeating: 0, count: bounds.count + 1)))
    }

    func record(_ value: Int64) { record(Double(value)) }

    /// Adds `value` to its bucket; ignores NaN.
    func record(_ value: Double) {
        // NaN belongs to no bucket, and adding it would turn the sum into NaN.
        guard !value.isNaN else { return }
        let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
        state.withLock { state in
            state.counts[bucket] += 1
            state.sum += value
        }
    }

    /// Adds a duration, converted to seconds; counts a negative duration as zero.
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
