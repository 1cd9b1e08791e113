/// An e-mail address that identifies an account: trimmed, lower-cased and checked for syntax.
///
/// The address must be ASCII and unquoted (`Dot-string "@" Domain` of RFC 5321 §4.1.2). An international domain must be
/// in its `xn--` form, because two spellings of one address would otherwise be two accounts.
package struct EmailAddress: Hashable, Sendable {
    /// Maximum length in bytes: the 256 bytes of a path (RFC 5321 §4.5.3.1.3) without the angle brackets.
    package static let maximumLength = 254

    package let text: String

    /// Trims white space, lower-cases and checks the address.
    /// - Throws: a ``FieldError``: `required` for an empty text, `tooLong` above 254 bytes, or `notAnEmailAddress`.
    package init(_ input: String) throws(FieldError) {
        // Refuse very long input before the full check, to limit the work.
        guard input.utf8.count <= Self.maximumLength * 4 else { throw Self.tooLong }
        let trimmed = input.trimmingWhiteSpace()
        guard !trimmed.isEmpty else {
            throw FieldError(field: "email", code: .required, message: "Email is required")
        }
        guard trimmed.utf8.count <= Self.maximumLength else { throw Self.tooLong }
        let normalised = trimmed.lowercased()
        guard Self.isAddress(normalised) else {
            throw FieldError(field: "email", code: .notAnEmailAddress, message: "Please include a valid email")
        }
        text = normalised
    }

    private static let tooLong = FieldError(
        field: "email", code: .tooLong, message: "Email must have at most \(maximumLength) characters")

    private static func isAddress(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].count), parts[1].count <= 253 else { return false }
        let atoms = parts[0].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let labels = parts[1].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard atoms.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isAtomText) }) else { return false }
        guard labels.count >= 2, labels.allSatisfy(isLabel), let top = labels.last else { return false }
        // If the last label has only digits, the text after `@` is an IPv4 address and not a domain.
        return !top.allSatisfy(isDigit)
    }

    /// Returns `true` if the byte is an `atext` character of RFC 5322 §3.2.3.
    private static func isAtomText(_ byte: UInt8) -> Bool {
        isLetter(byte) || isDigit(byte) || "!#$%&'*+-/=?^_`{|}~".utf8.contains(byte)
    }

    private static func isLabel(_ label: Substring.UTF8View.SubSequence) -> Bool {
        (1...63).contains(label.count) && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
            && label.allSatisfy { isLetter($0) || isDigit($0) || $0 == UInt8(ascii: "-") }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
