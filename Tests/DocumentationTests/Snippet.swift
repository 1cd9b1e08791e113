import Foundation
import Testing

/// Code of this test target that a documentation page shows: the lines between `// snippet: NAME` and `// end` in a
/// source file, or a whole `Package.swift`.
///
/// The text of a snippet leaves out common indentation, and blank lines at the start and the end.
struct Snippet: CustomTestStringConvertible {
    let file: String
    let name: String
    let text: String

    var testDescription: String { "\(file): \(name)" }

    static let all: Result<[Snippet], any Error> = Result {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
        let manifests = try ["Manifest", "Manifest/Client"].map { directory in
            let path = directory + "/Package.swift"
            let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
            return Snippet(file: path, name: "manifest", text: String(text.dropLast()))
        }
        let files = try FileManager.default.contentsOfDirectory(
            at: folder.appending(path: "Snippets"), includingPropertiesForKeys: nil)
        let snippets = try files.sorted { $0.path < $1.path }.flatMap { file in
            read(try String(contentsOf: file, encoding: .utf8), file: file.lastPathComponent)
        }
        return snippets + manifests
    }

    static func read(_ source: String, file: String) -> [Snippet] {
        var snippets: [Snippet] = []
        var name: String?
        var lines: [Substring] = []
        for line in source.split(separator: "\n", omittingEmptySubsequences: false) {
            let content = line.drop { $0 == " " }
            if content.hasPrefix("// snippet: ") {
                name = String(content.dropFirst("// snippet: ".count))
                lines = []
            } else if content == "// end", let open = name {
                snippets.append(Snippet(file: file, name: open, text: withoutIndentation(lines)))
                name = nil
            } else {
                lines.append(line)
            }
        }
        return snippets
    }

    private static func withoutIndentation(_ lines: [Substring]) -> String {
        let shared = lines.filter { !$0.isEmpty }.map { $0.prefix { $0 == " " }.count }.min() ?? 0
        return lines.map { $0.dropFirst(shared) }.joined(separator: "\n").trimmingCharacters(in: .newlines)
    }
}
