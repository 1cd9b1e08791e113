import Testing

@Suite("The documentation shows code that compiles")
struct SnippetTests {
    @Test(arguments: try Document.all.get())
    func `Every Swift block of a page is a snippet of this target`(document: Document) throws {
        let snippets = Set(try Snippet.all.get().map(\.text))
        for block in document.blocks {
            #expect(["http", "sh", "swift"].contains(block.language), "an unknown kind of block: \(block.language)")
            if block.language == "swift" { #expect(snippets.contains(block.text), "no such snippet:\n\(block.text)") }
        }
    }

    @Test(arguments: try Snippet.all.get())
    func `Every snippet is shown on a page`(snippet: Snippet) throws {
        let shown = try Document.all.get().flatMap(\.blocks).map(\.text)
        #expect(shown.contains(snippet.text))
    }

    /// Readers copy the code blocks of a page in order, so the imports must come before other Swift code.
    @Test(arguments: try Document.all.get())
    func `Every page of a catalogue shows the imports of its code before the code`(document: Document) throws {
        let swift = document.blocks.filter { $0.language == "swift" && !$0.text.hasPrefix("// swift-tools-version") }
        guard document.path.hasPrefix("Sources/"), let first = swift.first else { return }
        #expect(first.text.hasPrefix("import "), "the first block of \(document.path) is:\n\(first.text)")
    }

    @Test func `The README shows a whole test of at most ten lines`() throws {
        let test = try #require(try Snippet.all.get().first { $0.name == "whole test" })
        #expect(test.text.split(separator: "\n").count <= 10)
        #expect(try Document(path: "README.md").blocks.contains { $0.language == "swift" && $0.text == test.text })
    }

    @Test func `docs/verifier.md links to every page except the front page, and to nothing else`() throws {
        let pages = try Document.all.get()
        let pointers = try #require(pages.last)
        let links = pointers.text.matches(of: /\]\(\.\.\/([^)]+)\)/).map { String($0.1) }
        let articles = pages.dropLast().map(\.path).filter { !$0.hasSuffix("/SignetVerifier.md") }
        #expect(links.sorted() == articles)
        #expect(articles.count >= 9)
    }
}
