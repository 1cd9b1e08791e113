/// A scope of OAuth 2.0: a list of scope values, separated by single spaces (RFC 6749 §3.3).
package struct Scope: Hashable, Sendable {
    /// Maximum length of a scope in bytes.
    package static let maximumLength = 1024

    /// The scope values in the order of the request, without duplicates. There is at least one.
    package let values: [String]

    /// Parses a scope. Returns `nil` if the text is empty, has more than ``maximumLength`` bytes, or breaks the grammar
    /// of RFC 6749 §3.3.
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

    /// The scope values, separated by spaces.
    package var text: String { values.joined(separator: " ") }

    /// Returns `true` if the scope `granted` contains every value of this scope.
    package func isPart(of granted: String) -> Bool {
        let granted = granted.split(separator: " ")
        return values.allSatisfy { value in granted.contains { $0 == value } }
    }

    /// Returns `true` if `text` is one scope value: printable ASCII except space, `"` and `\`, at least one character.
    package static func isValue(_ text: String) -> Bool { isToken(text.utf8[...]) }

    private static func isToken(_ bytes: Substring.UTF8View) -> Bool {
        !bytes.isEmpty
            && bytes.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    }
}
