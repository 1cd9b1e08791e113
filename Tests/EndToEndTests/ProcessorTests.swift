import Foundation
import Testing

@Suite("A service that may use one processor", .timeLimit(.minutes(10)))
struct ProcessorTests {
    /// More event loops than processors make every request slower.
    @Test func `starts one event loop, however many processors the machine has`() async throws {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let first = try #require(status.firstMatch(of: #/Cpus_allowed_list:\s*([0-9]+)/#)).output.1
        let issuer = try await RunningIssuer.start(processor: Int(first))
        let threads = "/proc/\(issuer.processIdentifier)/task"
        let names = try FileManager.default.contentsOfDirectory(atPath: threads).map { thread in
            try String(contentsOfFile: "\(threads)/\(thread)/comm", encoding: .utf8)
        }
        #expect(names.count { $0.hasPrefix("NIO-SGLTN-") } == 1, "\(names)")
        #expect(await issuer.terminate() == 0)
    }
}
