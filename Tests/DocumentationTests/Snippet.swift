import Foundation
import Testing

/// Code of this test target that a documentation page shows: a whole file in the folder Snippets. `Scripts/guides`
/// compiles every block of every page on its own; the tests of this target run the blocks.
struct Snippet: CustomTestStringConvertible {
    /// The path of the file in the folder Snippets.
    let file: String
    let text: String

    var testDescription: String { file }

    static let all: Result<[Snippet], any Error> = Result {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Snippets")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
        return try files.sorted().map { file in
            let text = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
            return Snippet(file: file, text: String(text.dropLast()))
        }
    }
}
