import Testing

/// The metrics that the service returns for `/metrics` on its operations port, parsed.
struct MetricsPage {
    /// A metric, as its HELP and TYPE lines and its labels describe it.
    struct Metric: Equatable {
        let name: String
        let kind: String
        let help: String
        /// The label names of the metric's series, without the histogram label `le`.
        var labels: Set<String> = []
    }

    let text: String
    /// The metrics in the order of the page.
    let metrics: [Metric]
    private let samples: [String: Double]

    static func get(from issuer: RunningIssuer) async throws -> MetricsPage {
        let answer = try await HTTPCall.get("http://127.0.0.1:\(issuer.opsPort)/metrics", contract: nil)
        try #require(answer.status == 200)
        #expect(answer.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8")
        return try MetricsPage(answer.text)
    }

    init(_ text: String) throws {
        var metrics: [Metric] = []
        var samples: [String: Double] = [:]
        var help = ""
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if line.hasPrefix("# HELP ") {
                help = words.dropFirst(3).joined(separator: " ")
            } else if line.hasPrefix("# TYPE ") {
                try #require(words.count == 4, "\(line)")
                metrics.append(Metric(name: String(words[2]), kind: String(words[3]), help: help))
                help = ""
            } else {
                let space = try #require(line.lastIndex(of: " "))
                let sample = String(line[..<space])
                #expect(samples[sample] == nil, "two samples of one series")
                let value = try #require(Double(line[line.index(after: space)...]))
                samples[sample] = value
                let names = sample.matches(of: /[{,]([a-z_]+)="/).map { String($0.1) }
                try #require(!metrics.isEmpty)
                metrics[metrics.count - 1].labels.formUnion(names.filter { $0 != "le" })
            }
        }
        self.text = text
        self.metrics = metrics
        self.samples = samples
    }

    /// The names of all samples on the page, each with its labels.
    var sampleNames: Set<String> { Set(samples.keys) }

    /// The value of the sample with this name and labels, for example `signet_x_total{status="200"}`; `nil` if the page
    /// does not have the sample.
    subscript(_ sample: String) -> Double? { samples[sample] }

    /// The number of requests with this method, route and status; `nil` if the page has no such series.
    func requests(_ method: String, _ route: String, _ status: String) -> Double? {
        self["signet_http_requests_total{method=\"\(method)\",route=\"\(route)\",status=\"\(status)\"}"]
    }
}
