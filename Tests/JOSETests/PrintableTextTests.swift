import Testing

@testable import JOSE

@Suite("A printable text")
struct PrintableTextTests {
    @Test func `is unchanged if every character is printable`() {
        let text = "Passwort: mindestens 8 Zeichen – ä, 漢, 🔑"
        #expect(PrintableText(text)?.text == text)
    }

    @Test func `is one line without control characters and direction marks`() {
        #expect(PrintableText("a\u{1B}[2Jb\r\n c\u{202E}d\u{2028}e\u{0}\u{9B}f\u{E000}")?.text == "a [2Jb c d e f")
    }

    @Test func `is cut at 500 characters`() {
        let long = PrintableText(String(repeating: "e\u{301}", count: 10_000))?.text.unicodeScalars
        #expect(long?.count == 500 && long?.last == "…")
        #expect(PrintableText(String(repeating: "a", count: 500))?.text.count == 500)
    }

    @Test func `is quoted for a log in at most 200 characters, even if nothing is printable`() {
        #expect(PrintableText.quoted("a\nb") == #""a b""#)
        #expect(PrintableText.quoted("\n") == #""""#)
        #expect(PrintableText.quoted(String(repeating: "a", count: 201)).count == 202)
        #expect(PrintableText.quoted([String]()) == "none")
        #expect(PrintableText.quoted(["a", "b"]) == #""a", "b""#)
        #expect(PrintableText.quoted(["1", "2", "3", "4", "5", "6", "7"]) == #""1", "2", "3", "4", "5" and 2 more"#)
    }

    @Test(arguments: ["", " ", "\n\u{7}"])
    func `is nil if nothing is printable`(text: String) {
        #expect(PrintableText(text) == nil)
    }
}
