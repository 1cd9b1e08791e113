/// A list of scope values as OAuth writes it: `scope-token`s with single spaces between them (RFC 6749 §3.3).
package struct Scope: Hashable, Sendable {
    /// Most bytes of the whole list.
    package static let maximumLength = 1024

    /// In the order given, each once; at least one.
    package let values: [String]

    /// Reads the text form; `nil` for anything that the grammar does not allow, the empty text included.
    package init?(_ text: String) {
        guard text.utf8.count <= Self.maximumLength else { return nil }
        let parts = text.utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
        var values: [String] = []
        for part in parts {
            guard Self.isToken(part) else { return nil }
            let value = String(Substring(part))
            if !values.contains(value) { values.append(value) }
        }
        self.values = values
    }

    /// The text form.
    package var text: String { values.joined(separator: " ") }

    /// Whether every value stands in `granted`, a list in text form.
    package func isPart(of granted: String) -> Bool {
        let granted = granted.split(separator: " ")
        return values.allSatisfy { value in granted.contains { $0 == value } }
    }

    /// Whether `text` may be one scope value: printable ASCII without space, `"` and `\`, at least one character.
    package static func isValue(_ text: String) -> Bool { isToken(text.utf8[...]) }

    private static func isToken(_ bytes: Substring.UTF8View) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }
}
