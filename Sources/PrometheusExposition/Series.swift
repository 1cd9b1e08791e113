/// One series of a metric: what one set of labels has measured so far.
protocol Series: AnyObject, Sendable {
    /// Adds the samples.
    /// - Parameter labels: as ``SeriesLabels/text`` has them.
    func write(to text: inout ExpositionText, name: String, labels: String)
}
