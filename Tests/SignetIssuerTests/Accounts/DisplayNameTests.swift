import Testing

@testable import SignetIssuer

@Suite struct DisplayNameTests {
    @Test(arguments: [
        ("Ada", "Ada"), ("  Ada Lovelace ", "Ada Lovelace"), ("Åsa Öberg", "Åsa Öberg"), ("李", "李"),
        ("👩‍👩‍👧‍👦", "👩‍👩‍👧‍👦"), ("می‌خواهم", "می‌خواهم"), ("O'Brien <x>", "O'Brien <x>"),
    ])
    func `a name on one line is trimmed and otherwise unchanged`(input: String, name: String) throws {
        #expect(try DisplayName(input).text == name)
    }

    @Test(arguments: [
        "Ada\nLovelace", "Ada\u{0}", "a\u{1B}[31mb", "a\u{7F}b", "a\u{85}b", "a\u{2028}b", "a\u{2029}b", "a\u{202E}b",
        "a\u{2066}b",
    ])
    func `control characters and characters that reorder text are refused`(input: String) {
        #expect(Self.code(of: input) == .forbiddenCharacter)
    }

    @Test func `the maximum length counts Unicode scalars`() throws {
        _ = try DisplayName(String(repeating: "é", count: 100))
        _ = try DisplayName(String(repeating: "😀", count: 100))
        #expect(Self.code(of: String(repeating: "a", count: 101)) == .tooLong)
        #expect(Self.code(of: "e" + String(repeating: "\u{301}", count: 100)) == .tooLong)
        #expect(Self.code(of: String(repeating: "a", count: 1_000_000)) == .tooLong)
    }

    @Test func `a name of white space alone counts as missing`() {
        #expect(Self.code(of: "") == .required)
        #expect(Self.code(of: " \n\u{3000}") == .required)
    }

    @Test(arguments: ["\u{200B}", "\u{200D}\u{200C}", " \u{2060} ", "\u{FEFF}", "\u{3164}", "\u{202E}", "\u{E0041}"])
    func `a name of invisible characters alone counts as missing`(input: String) {
        #expect(Self.code(of: input) == .required)
    }

    private static func code(of input: String) -> FieldError.Code? {
        do {
            _ = try DisplayName(input)
            return nil
        } catch {
            return error.code
        }
    }
}
