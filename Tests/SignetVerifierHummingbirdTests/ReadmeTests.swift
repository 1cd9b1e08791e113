import Foundation
import Testing

@Suite("The README shows code that compiles")
struct ReadmeTests {
    @Test func `Its Swift example is compiled in this target`() throws {
        let source = try String(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "ReadmeExample.swift"),
            encoding: .utf8)
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        let begin = try #require(source.range(of: "// README begins\n", options: .backwards)).upperBound
        let end = try #require(source.range(of: "// README ends", options: .backwards)).lowerBound
        #expect(readme.contains("```swift\n" + source[begin..<end] + "```"))
    }

    @Test func `The protected router can be created`() throws {
        _ = try protectedRouter(issuer: "http://localhost:5000", audience: "http://localhost:5000")
    }
}
