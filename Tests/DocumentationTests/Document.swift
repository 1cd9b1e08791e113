import Foundation
import Testing

/// A page of the documentation with its fenced code blocks and table rows.
struct Document: CustomTestStringConvertible {
    /// A fenced code block.
    struct Block {
        let language: String
        let text: String
    }

    /// The path of the page, relative to the root of the repository.
    let path: String
    let text: String

    init(path: String) throws {
        self.path = path
        text = try String(contentsOf: Self.root.appending(path: path), encoding: .utf8)
    }

    var testDescription: String { path }

    /// All fenced code blocks, in order.
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
        // If the last fence is not closed, also return its lines. No snippet equals them, so the test reports the page.
        if let language { blocks.append(Block(language: language, text: lines.joined(separator: "\n"))) }
        return blocks
    }

    /// The rows of all tables, each as an array of trimmed cells. Includes header rows, but no separator rows.
    var tableRows: [[String]] {
        text.split(separator: "\n").filter { $0.hasPrefix("|") && !$0.hasPrefix("|---") }.map { line in
            line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
    }

    /// All pages with Swift code: the DocC catalogues, `docs/verifier.md` and the README.
    static let all: Result<[Document], any Error> = Result {
        let sources = root.appending(path: "Sources")
        let paths = try FileManager.default.subpathsOfDirectory(atPath: sources.path)
        let articles = paths.filter { $0.contains(".docc/") && $0.hasSuffix(".md") }.map { "Sources/\($0)" }
        return try (articles.sorted() + ["docs/verifier.md", "README.md"]).map(Document.init(path:))
    }

    static var root: URL {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }
}
