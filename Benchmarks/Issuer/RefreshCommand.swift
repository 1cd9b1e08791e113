import ArgumentParser
import BenchmarkRun
import Foundation
import SignetIssuer
import SignetKeyring

/// `issuer-benchmarks refresh`: measures token refreshes and the removal of expired records, without HTTP.
struct RefreshCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refresh",
        abstract: """
            Compare refreshes with raw RSA signing, shared commits with single ones, and a large store with a small \
            one; measure a sweep.
            """)

    @Option(help: "Number of families in the large store.") var families = 5_000_000
    @Option(help: "Number of concurrent callers.") var callers = 64
    @Option(help: "Number of rounds. Every contestant has one turn per round.") var rounds = 11
    @Option(help: "Length of a turn in milliseconds.") var slice = 1_000
    @Option(help: "Directory for temporary stores, on the disk to measure.")
    var directory = ".build/issuer-benchmarks"

    func run() async throws {
        let root = URL(filePath: directory, directoryHint: .isDirectory)
        try? FileManager.default.removeItem(at: root)
        try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: root) }
        let keyring = try Keyring.open(directory: root.appending(path: "keys").path)
        func filled(_ name: String, families: Int, writesPerCommit: Int? = nil) async throws -> Callers {
            let store = root.appending(path: name, directoryHint: .isDirectory)
            return try Callers(
                callers,
                of: await FilledStore(
                    directory: store, families: families, rotating: min(families, 4096), keyring: keyring,
                    writesPerCommit: writesPerCommit, progress: { Self.say("\(name): \($0)") }))
        }
        let small = try await filled("small", families: 1_000)
        let shared = try await filled("shared", families: 1_000)
        let single = try await filled("single", families: 1_000, writesPerCommit: 1)
        let large = try await filled("large", families: families)

        let processors = ProcessInfo.processInfo.activeProcessorCount
        let floors = try (0..<processors).map { _ in try SigningFloor() }
        let run = try await InterleavedRun(
            [
                Contestant("signing", tasks: processors) { task in
                    try floors[task].sign(16)
                    return 16
                },
                Contestant("refresh", tasks: callers, step: small.refresh),
                Contestant("refresh, large", tasks: callers, step: large.refresh),
                Contestant("rotation", tasks: callers, step: shared.rotate),
                Contestant("rotation, a commit each", tasks: callers, step: single.rotate),
            ], rounds: rounds, slice: .milliseconds(slice), progress: Self.say)
        Self.say("sweep")
        // The sweep of expired records runs after all other measurements, because it empties the store.
        let sweep = try await SweepRun(of: large.store, for: .seconds(5))

        print(
            "RSA-2048, \(processors) processors, \(callers) callers; "
                + "medians of \(rounds) rounds of \(slice) ms\n")
        for name in ["signing", "refresh", "refresh, large", "rotation", "rotation, a commit each"] {
            let rate = Int(run.median(name, \.perSecond).rounded())
            let cost = run.median(name, \.processorMicroseconds)
            print(
                name.padding(toLength: 26, withPad: " ", startingAt: 0)
                    + "\(rate) per second".padding(toLength: 20, withPad: " ", startingAt: 0)
                    + String(format: "%.1f µs of processor time", cost))
        }
        print(
            """

            refresh of raw signing             \(Self.ratios(run, "refresh", to: "signing"))
            refresh with \(families) families of one with 1000   \(Self.ratios(run, "refresh, large", to: "refresh"))
            shared commits of single ones      \(Self.ratios(run, "rotation", to: "rotation, a commit each"))
            sweep of \(families) families    \(Self.description(of: sweep))
            """)
    }

    /// How many times faster the contestant `name` is than `other`, as text: first by operations per second, then by
    /// processor time per operation.
    private static func ratios(_ run: InterleavedRun, _ name: String, to other: String) -> String {
        "\(Columns.fixed(run.rateRatio(name, to: other))) by rate, "
            + "\(Columns.fixed(run.costRatio(name, to: other))) by processor time"
    }

    private static func description(of sweep: SweepRun) -> String {
        let times = [0.5, 0.99, 1].map { String(format: "%.1f", sweep.milliseconds(within: $0)) }
        return "\(sweep.times.count) transactions held the writer for \(times[0]) ms at the median, 99 of 100 for "
            + "\(times[1]) ms at most, the longest for \(times[2]) ms"
    }

    private static func say(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }
}
