import Testing

@Suite("The page about the operation of a verifier")
struct OperationsPageTests {
    private static let sources = "Sources/SignetVerifierOperations"

    private func page() throws -> Document {
        try Document(path: "\(Self.sources)/SignetVerifierOperations.docc/SignetVerifierOperations.md")
    }

    @Test func `has a row for every metric`() throws {
        let source = try Document(path: "\(Self.sources)/VerifierTelemetry.swift").text
        let metrics = Set(source.matches(of: /"(signet_verifier_\w+)"/).map { "`\($0.1)`" })
        #expect(metrics.count == 4)
        #expect(metrics.isSubset(of: try page().tableRows.compactMap(\.first)))
    }

    @Test func `has a row for every line of the log, with its level`() throws {
        let sources = try ["VerifierTelemetry", "VerifierService"].map {
            try Document(path: "\(Self.sources)/\($0).swift").text
        }.joined()
        let rows = try page().tableRows
        let single = sources.matches(of: /logger\.(\w+)\(\s*"([^"]+)"/).map { (level: $0.1, line: $0.2) }
        let chosen = sources.matches(of: /logger\.(\w+)\(\s*[^"]+\? "([^"]+)" : "([^"]+)"/).flatMap {
            [(level: $0.1, line: $0.2), (level: $0.1, line: $0.3)]
        }
        #expect(single.count == 6 && chosen.count == 2)
        for (level, line) in single + chosen {
            #expect(rows.contains { $0.first == "`\(line)`" && $0[1] == level }, "\(level): \(line)")
        }
    }
}
