/// The name of a user or client: 1 to 100 Unicode scalars on one line.
///
/// Control characters, line and paragraph separators, and bidirectional embeddings, overrides and isolates are refused,
/// because they would break or reorder the text around the name. Joiners and direction marks are allowed, because names
/// in many scripts need them. A name of invisible characters alone is refused.
package struct DisplayName: Hashable, Sendable {
    /// Maximum length in Unicode scalars, the unit of `maxLength` in `openapi.yaml`.
    package static let maximumLength = 100

    package let text: String

    /// Trims white space and checks the name.
    /// - Throws: a ``FieldError``: `required` if no visible character is left, `tooLong` above 100 Unicode scalars, or
    ///   `forbiddenCharacter`, for example for a line break.
    package init(_ input: String) throws(FieldError) {
        // Refuse very long input before the full check, to limit the work. The limit is 16 bytes for each allowed
        // scalar: up to 4 for its UTF-8, and the rest for white space around the name.
        guard input.utf8.count <= Self.maximumLength * 16 else { throw Self.tooLong }
        let trimmed = input.trimmingWhiteSpace()
        guard !trimmed.unicodeScalars.allSatisfy(\.isInvisible) else {
            throw FieldError(field: "name", code: .required, message: "Name is required")
        }
        guard trimmed.unicodeScalars.count <= Self.maximumLength else { throw Self.tooLong }
        guard !trimmed.unicodeScalars.contains(where: \.breaksALine) else {
            throw FieldError(
                field: "name", code: .forbiddenCharacter, message: "Name must not contain control characters")
        }
        text = trimmed
    }

    private static let tooLong = FieldError(
        field: "name", code: .tooLong, message: "Name must have at most \(maximumLength) characters")
}
