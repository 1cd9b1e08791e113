import CoreMetrics
import Synchronization

/// A number that goes up and down. The lock is held for one addition.
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
