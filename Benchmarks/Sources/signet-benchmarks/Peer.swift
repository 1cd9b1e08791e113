import ArgumentParser
import BenchmarkRun
import Foundation

/// A program that measures another JWT library.
///
/// `PROGRAM verify SECONDS` verifies the shared token for SECONDS seconds and prints `… N ops S s …`: N verifications
/// in S seconds.
struct Peer: Sendable, ExpressibleByArgument {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let name: String
    private let program: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2 else { return nil }
        name = String(parts[0])
        program = String(parts[1])
    }

    /// This program as a contestant of the benchmark: each measurement runs the program once.
    var contestant: Contestant { Contestant(name, "a program of its own, one thread") { try measure(for: $0) } }

    /// Runs the program once. The result excludes the start of the program, because the program itself times its loop.
    ///
    /// The processor time in the result is an estimate: the time of the loop, multiplied by the average processor usage
    /// of the whole run (1 for one full core).
    func measure(for slice: Duration) throws -> Sample {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["verify", String(slice / .seconds(1))]
        process.standardError = FileHandle.nullDevice
        let output = Pipe()
        process.standardOutput = output
        let clock = ContinuousClock()
        let (start, processor) = (clock.now, ProcessorTime.ofChildren())
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        let share = (ProcessorTime.ofChildren() - processor) / ((clock.now - start) / .seconds(1))
        guard process.terminationStatus == 0 else {
            throw Failure(description: "ended with status \(process.terminationStatus)")
        }
        guard let match = text.firstMatch(of: /([0-9]+) ops ([0-9.eE-]+) s/), let operations = Int(match.1),
            let seconds = Double(match.2), operations > 0, seconds > 0
        else { throw Failure(description: "printed no measurement") }
        return Sample(operations: operations, seconds: seconds, processorSeconds: seconds * min(1, share))
    }
}
