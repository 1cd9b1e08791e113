/// What is wrong with one field of a request.
package struct FieldError: Error, Hashable, Sendable {
    /// Stable: what a client may switch on.
    package enum Code: String, Sendable, CaseIterable {
        /// Missing or empty.
        case required
        /// Not a string.
        case wrongType
        case tooShort
        case tooLong
        /// Not an e-mail address.
        case notAnEmailAddress
        /// Holds a character that does not belong there.
        case forbiddenCharacter
        /// None of the values that the field takes.
        case invalidValue
    }

    /// The field's name as it stands in the request.
    package let field: String
    package let code: Code
    /// For people; says what was expected and never repeats the value.
    package let message: String

    package init(field: String, code: Code, message: String) {
        self.field = field
        self.code = code
        self.message = message
    }
}
