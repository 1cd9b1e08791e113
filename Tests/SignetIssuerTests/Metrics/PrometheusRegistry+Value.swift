import PrometheusExposition

extension PrometheusRegistry {
    /// The value of a sample as the exposition shows it; `nil` when there is none.
    func value(_ sample: String) -> Double? {
        text().split(separator: "\n").first { $0.hasPrefix(sample + " ") }
            .flatMap { Double($0.dropFirst(sample.count + 1)) }
    }
}
