import Foundation
import TestSupport
import Testing
import Yams

@Suite("Version", .timeLimit(.minutes(10)))
struct VersionTests {
    private static func text(of path: String) throws -> String {
        try String(contentsOf: Repository.root.appending(path: path), encoding: .utf8)
    }

    private static func version() async throws -> String {
        let directory = TemporaryDirectory()
        let result = try await SignetCommand.run(["--version"], directory: directory.url)
        #expect(result.status == 0)
        return result.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    @Test func `signet --version prints the version of openapi.yaml`() async throws {
        let document = try #require(try Yams.load(yaml: Self.text(of: "openapi.yaml")) as? [String: Any])
        let info = try #require(document["info"] as? [String: Any])
        #expect(try await Self.version() == "\(try #require(info["version"]))")
    }

    @Test func `signet --version prints the newest version of CHANGELOG.md`() async throws {
        let headings = try Self.text(of: "CHANGELOG.md").split(separator: "\n").filter { $0.hasPrefix("## ") }
        let versions = headings.compactMap { heading in
            heading.firstMatch(of: /\d+\.\d+\.\d+/).map { String($0.output) }
        }
        #expect(try await Self.version() == versions.first)
    }
}
