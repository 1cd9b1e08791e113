import CoreMetrics
import Synchronization

/// A number that only grows.
final class CounterSeries: Series, CounterHandler {
    private let value = Atomic<Int64>(0)

    /// Negative amounts are passed over.
    func increment(by amount: Int64) {
        guard amount > 0 else { return }
        value.wrappingAdd(amount, ordering: .relaxed)
    }

    func reset() { value.store(0, ordering: .relaxed) }

    func write(to text: inout ExpositionText, name: String, labels: String) {
        text.add(name, labels: labels, value: "\(value.load(ordering: .relaxed))")
    }
}
