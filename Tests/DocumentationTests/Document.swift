import Foundation
import Testing

/// One page of the documentation, as far as the tests look at it.
struct Document: CustomTestStringConvertible {
    /// A fenced block.
    struct Block {
        let language: String
        let text: String
    }

    /// Relative to the repository's root.
    let path: String
    let text: String

    init(path: String) throws {
        self.path = path
        text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    var testDescription: String { path }

    /// Every fenced block, in order.
    var blocks: [Block] {
        var blocks: [Block] = []
        var language: String?
        var lines: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            if let open = language {
                if line == "```" {
                    blocks.append(Block(language: open, text: lines.joined(separator: "\n")))
                    language = nil
                } else {
                    lines.append(line)
                }
            } else if line.drop(while: { $0 == " " }).hasPrefix("```") {
                language = String(line.dropFirst(3))
                lines = []
            }
        }
        // A fence that never closes is a block that fits no snippet.
        if let language { blocks.append(Block(language: language, text: lines.joined(separator: "\n"))) }
        return blocks
    }

    /// The rows of every table, each the trimmed text of its cells; header rows included, rules left out.
    var tableRows: [[String]] {
        text.split(separator: "\n").filter { $0.hasPrefix("|") && !$0.hasPrefix("|---") }.map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    /// Every page that shows Swift that this target compiles: the DocC catalogues, and `docs/verifier.md`.
    static let all: Result<[Document], any Error> = Result {
        let sources = root.appending(path: "Sources")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: sources.path)
        let articles = paths.filter { $0.contains(".docc/") && $0.hasSuffix(".md") }.map { "Sources/\($0)" }
        return try (articles.sorted() + ["docs/verifier.md"]).map(Document.init(path:))
    }

    static var root: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }
}
