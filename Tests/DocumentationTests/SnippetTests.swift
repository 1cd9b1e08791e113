import Testing

@Suite("The documentation shows code that compiles")
struct SnippetTests {
    @Test(arguments: try Document.all.get())
    func `Every Swift block of a page is a file of this target, or a manifest`(document: Document) throws {
        let snippets = Set(try Snippet.all.get().map(\.text))
        for block in document.blocks {
            #expect(
                ["", "http", "sh", "swift"].contains(block.language), "an unknown kind of block: \(block.language)")
            guard block.language == "swift", !block.text.hasPrefix("// swift-tools-version") else { continue }
            #expect(snippets.contains(block.text), "no such snippet:\n\(block.text)")
        }
    }

    @Test(arguments: try Snippet.all.get())
    func `Every snippet is shown on a page`(snippet: Snippet) throws {
        let shown = try Document.all.get().flatMap(\.blocks).map(\.text)
        #expect(shown.contains(snippet.text))
    }

    @Test func `The README shows a whole test of at most ten lines after its imports`() throws {
        let test = try #require(try Snippet.all.get().first { $0.file == "SignetTesting/WholeTest.swift" })
        #expect(test.text.split(separator: "\n").filter { !$0.hasPrefix("import ") }.count <= 10)
        #expect(try Document(path: "README.md").blocks.contains { $0.language == "swift" && $0.text == test.text })
    }

    @Test func `docs/verifier.md links to every page except the front page, and to nothing else`() throws {
        let pages = try Document.all.get()
        let pointers = try #require(pages.first { $0.path == "docs/verifier.md" })
        let links = pointers.text.matches(of: /\]\(\.\.\/([^)]+)\)/).map { String($0.1) }
        let articles = pages.map(\.path).filter { $0.hasPrefix("Sources/") && !$0.hasSuffix("/SignetVerifier.md") }
        #expect(links.sorted() == articles)
        #expect(articles.count >= 9)
    }
}
