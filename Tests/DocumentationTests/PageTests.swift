import Foundation
import Testing

@Suite("The pages name what exists")
struct PageTests {
    /// All documentation pages except those in DocC catalogues, whose links DocC itself checks.
    static let pages: Result<[Document], any Error> = Result {
        let docs = try FileManager.default.subpathsOfDirectory(atPath: Document.root.appending(path: "docs").path)
        let paths = docs.filter { $0.hasSuffix(".md") }.map { "docs/\($0)" }.sorted()
        return try (["README.md", "CHANGELOG.md", "SECURITY.md", "keys/README.md"] + paths).map(Document.init(path:))
    }

    @Test(arguments: try Self.pages.get())
    func `Every relative link leads to a file and to a heading in it`(page: Document) throws {
        for link in page.links where !link.contains("://") {
            let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
            let folder = Document.root.appending(path: page.path).deletingLastPathComponent()
            let target = parts[0].isEmpty ? page.path : folder.appending(path: String(parts[0])).pathInRepository
            #expect(FileManager.default.fileExists(atPath: Document.root.appending(path: target).path), "\(link)")
            guard parts.count == 2, target.hasSuffix(".md") else { continue }
            #expect(try Document(path: target).anchors.contains(String(parts[1])), "no such heading: \(link)")
        }
    }

    @Test
    func `Every path in the tables of the contributor's page exists`() throws {
        let cells = try Document(path: "docs/contributing.md").tableRows.compactMap(\.last)
        let paths = cells.flatMap { $0.matches(of: /`([A-Za-z0-9_+.\/-]+)`/).map { String($0.1) } }
        #expect(paths.count > 40)
        for path in paths {
            #expect(FileManager.default.fileExists(atPath: Document.root.appending(path: path).path), "\(path)")
        }
    }

    @Test
    func `The page about architecture has one row for every target and folder of Sources`() throws {
        let sources = Document.root.appending(path: "Sources")
        let folders = try FileManager.default.subpathsOfDirectory(atPath: sources.path)
            .filter { $0.hasSuffix(".swift") || $0.hasSuffix(".modulemap") }
            .map { "Sources/" + $0.split(separator: "/").dropLast().joined(separator: "/") }
        // docs/architecture.md needs a table row for each target and for each folder directly inside a target.
        let expected = Set(
            folders.flatMap { folder in
                let parts = folder.split(separator: "/")
                return [parts.prefix(2).joined(separator: "/"), parts.prefix(3).joined(separator: "/")]
            })
        let rows = try Document(path: "docs/architecture.md").tableRows.compactMap(\.first).filter {
            $0.hasPrefix("`Sources/")
        }
        #expect(expected.subtracting(rows.map { String($0.dropFirst().dropLast()) }) == [])
        #expect(Set(rows).count == rows.count)
    }

    @Test
    func `Every page of the documentation can be reached from the README`() throws {
        var reached: Set<String> = []
        var waiting = ["README.md"]
        while let path = waiting.popLast() {
            guard reached.insert(path).inserted else { continue }
            let page = try Document(path: path)
            let folder = Document.root.appending(path: path).deletingLastPathComponent()
            for link in page.links where !link.contains("://") {
                let file = link.prefix { $0 != "#" }
                if file.hasSuffix(".md") { waiting.append(folder.appending(path: String(file)).pathInRepository) }
            }
        }
        #expect(try Self.pages.get().map(\.path).filter { !reached.contains($0) } == [])
    }
}

extension Document {
    /// The targets of all Markdown links on the page, except links in code blocks.
    fileprivate var links: [String] {
        prose.matches(of: /\]\(([^)\s]+)\)/).map { String($0.1) }
    }

    /// The anchors of all headings, as GitHub makes them: lower case, hyphens for spaces, punctuation dropped.
    fileprivate var anchors: [String] {
        prose.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
            let title = line.drop { $0 == "#" || $0 == " " }.lowercased()
            return String(
                title.compactMap { character -> Character? in
                    if character == " " { return "-" }
                    return character.isLetter || character.isNumber || "-_".contains(character) ? character : nil
                })
        }
    }

    /// The text of the page without fenced code blocks.
    private var prose: String {
        var isCode = false
        var lines: [Substring] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
            let isFence = line.drop { $0 == " " }.hasPrefix("```")
            if isFence { isCode.toggle() }
            if !isCode && !isFence { lines.append(line) }
        }
        return lines.joined(separator: "\n")
    }
}

extension URL {
    /// The path of this URL relative to the repository's root, without `..`.
    fileprivate var pathInRepository: String {
        let root = Document.root.standardizedFileURL.path
        let path = standardizedFileURL.path
        guard path.hasPrefix(root) else { return path }
        return String(path.dropFirst(root.count).drop { $0 == "/" })
    }
}
