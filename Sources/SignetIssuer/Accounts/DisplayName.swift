/// What people call a user or a client: 1…100 Unicode scalars on one line.
///
/// Lengths count Unicode scalars, as `maxLength` of the HTTP contract does. Refused are control characters, line and
/// paragraph separators, and the bidirectional embeddings, overrides and isolates: they reorder the text around a
/// name wherever it is printed. Joiners and direction marks stay, names in many scripts need
/// them, but a name of nothing else is none.
package struct DisplayName: Hashable, Sendable {
    package static let maximumLength = 100

    package let text: String

    /// Trims white space and checks.
    /// - Throws: a ``FieldError`` of `field`: `required`, `tooLong` or `forbiddenCharacter`.
    package init(_ input: String, field: String = "name") throws(FieldError) {
        // A scalar takes at most 4 bytes; anything far longer need not be looked at.
        guard input.utf8.count <= Self.maximumLength * 16 else {
            throw Self.tooLong(field)
        }
        let trimmed = input.trimmingWhiteSpace()
        guard !trimmed.unicodeScalars.allSatisfy(\.isInvisible) else {
            throw FieldError(field: field, code: .required, message: "Name is required")
        }
        guard trimmed.unicodeScalars.count <= Self.maximumLength else {
            throw Self.tooLong(field)
        }
        guard !trimmed.unicodeScalars.contains(where: \.breaksALine) else {
            throw FieldError(
                field: field, code: .forbiddenCharacter, message: "Name must not contain control characters")
        }
        text = trimmed
    }

    private static func tooLong(_ field: String) -> FieldError {
        FieldError(field: field, code: .tooLong, message: "Name must have at most \(maximumLength) characters")
    }
}
