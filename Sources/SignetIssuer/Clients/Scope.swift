/// A scope of OAuth 2.0: a list of scope values, separated by single spaces (RFC 6749 §3.3).
package struct Scope: Hashable, Sendable {
    /// Most bytes of the text form.
    package static let maximumLength = 1024

    /// At least one value, in the order given, without duplicates.
    package let values: [String]

    /// Parses the text form; `nil` if it is empty, too long or not in the grammar of RFC 6749.
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

    /// Whether `granted`, a scope in text form, contains every value.
    package func isPart(of granted: String) -> Bool {
        let granted = granted.split(separator: " ")
        return values.allSatisfy { value in granted.contains { $0 == value } }
    }

    /// Whether `text` is one scope value: at least one character, printable ASCII without space, `"` and `\`.
    package static func isValue(_ text: String) -> Bool { isToken(text.utf8[...]) }

    private static func isToken(_ bytes: Substring.UTF8View) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }
}
