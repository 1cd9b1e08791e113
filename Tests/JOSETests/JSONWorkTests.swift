import JOSE
import Testing

/// Tests that reading JSON takes linear time. The parser counts its steps, so the tests need no clock.
@Suite("The counted work of reading JSON")
struct JSONWorkTests {
    struct WorstText: Sendable, CustomStringConvertible {
        let description: String
        let text: String

        init(_ description: String, _ text: String) {
            self.description = description
            self.text = text
        }
    }

    private static let size = 16 * 1024

    /// Valid and invalid JSON texts of 16 KiB that need as many parser steps as possible.
    private static let worst: [WorstText] = {
        func filled(_ start: String, _ end: String, _ piece: (Int) -> String) -> String {
            var text = start
            var index = 0
            while text.utf8.count < size {
                text += piece(index)
                index += 1
            }
            return text + end
        }
        let long = String(repeating: "a", count: 200)
        return [
            WorstText("open arrays", filled("", "") { _ in "[" }),
            WorstText("open objects", filled("", "") { _ in "{\"a\":" }),
            WorstText("open and closed arrays", filled("[0", "]") { _ in ",[]" }),
            WorstText("short escapes", filled("\"", "\"") { _ in "\\n" }),
            WorstText("long escapes", filled("\"", "\"") { _ in "\\u0041" }),
            WorstText("surrogate pairs", filled("\"", "\"") { _ in "\\ud83d\\ude00" }),
            WorstText("one long integer", filled("", "") { _ in "9" }),
            WorstText("one long fraction", filled("0.", "") { _ in "3" }),
            WorstText("one long exponent", filled("1e", "") { _ in "9" }),
            WorstText(
                "many numbers of the longest length",
                filled("[0", "]") { _ in ",0." + String(repeating: "7", count: 126) }),
            WorstText("many short members", filled("{\"\":0", "}") { ",\"\($0)\":0" }),
            WorstText("names with a long common start", filled("{\"\":0", "}") { ",\"\(long)\($0)\":0" }),
            WorstText("names with a long common end", filled("{\"\":0", "}") { ",\"\($0)\(long)\":0" }),
            WorstText(
                "names of equal length and eight equal first bytes",
                filled("{\"\":0", "}") { ",\"aaaaaaaa\($0 + 1000)\":0" }),
            WorstText("escaped names", filled("{\"\":0", "}") { ",\"\\u0061\\u0062\($0)\":0" }),
            WorstText(
                "names of equal length that differ only at the end",
                filled("{\"\":0", "}") { ",\"\(long + long + long)\($0 + 10)\":0" }),
            WorstText("one name in many objects", filled("[0", "]") { _ in ",{\"aaaaaaaa\":0}" }),
            WorstText("whitespace", filled("", "1") { _ in " " }),
            WorstText("whitespace between tokens", filled("[0", "]") { _ in " , 1" }),
        ]
    }()

    @Test(arguments: worst)
    func `grows linearly with the text, for the worst known texts`(worst: WorstText) throws {
        let bytes = Array(worst.text.utf8)
        var scanner = JSONScanner()
        var tokens = 0
        do throws(JSONError) {
            while try scanner.next(in: bytes.span) != .endOfText { tokens += 1 }
        } catch {
            #expect([.tooDeep, .numberOutOfRange].contains(error.code))
        }
        #expect(scanner.offset <= bytes.count)
        #expect(tokens <= bytes.count)
        #expect(scanner.work <= 4 * bytes.count)
    }

    @Test(arguments: [500, 2000])
    func `grows at most fivefold for four times the members`(count: Int) throws {
        func work(_ count: Int) throws -> Int {
            let bytes = Array(("{" + (0..<count).map { "\"aaaaaaaa\($0)\":0" }.joined(separator: ",") + "}").utf8)
            var scanner = JSONScanner()
            while try scanner.next(in: bytes.span) != .endOfText {}
            return scanner.work
        }
        #expect(try work(4 * count) <= 5 * work(count))
    }

    @Test func `ends at the 33rd level of a text that only opens containers`() {
        let bytes = [UInt8](repeating: UInt8(ascii: "["), count: Self.size)
        var scanner = JSONScanner()
        #expect(throws: JSONError(.tooDeep, at: 32)) {
            while try scanner.next(in: bytes.span) != .endOfText {}
        }
        #expect(scanner.work == 32)
    }
}
