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

/// Collects the faults of a request's fields, so that one answer names them all.
struct FieldFaults {
    private var faults: [FieldError] = []

    var isEmpty: Bool { faults.isEmpty }

    /// `invalidInput` with everything collected.
    var error: IssuerError {
        IssuerError(.invalidInput, "fields out of their bounds", fields: faults)
    }

    /// The value that `check` makes; `nil` when it finds a fault, which is kept.
    @discardableResult
    mutating func value<Value>(_ check: () throws(FieldError) -> Value) -> Value? {
        do {
            return try check()
        } catch {
            faults.append(error)
            return nil
        }
    }

    /// The value that `check` makes; `nil` when it is refused as `invalidInput`, whose fields are kept.
    /// - Throws: every other error of `check`.
    mutating func adding<Value>(_ check: () throws(IssuerError) -> Value) throws(IssuerError) -> Value? {
        do {
            return try check()
        } catch {
            guard error.code == .invalidInput else { throw error }
            faults += error.fields
            return nil
        }
    }
}
