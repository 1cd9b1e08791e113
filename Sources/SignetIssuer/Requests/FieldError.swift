/// A fault in one field of a request.
package struct FieldError: Error, Hashable, Sendable {
    /// Why the field is refused. Clients may depend on the raw values: never change one.
    package enum Code: String, Sendable, CaseIterable {
        /// The field is missing or empty.
        case required
        /// The value is not a string.
        case wrongType
        case tooShort
        case tooLong
        case notAnEmailAddress
        /// The value contains a character that the field does not allow.
        case forbiddenCharacter
        /// The value is not one of the values that the field allows.
        case invalidValue
    }

    /// The name of the field in the request.
    package let field: String
    package let code: Code
    /// A sentence for people. It says what was expected, and never contains the value.
    package let message: String

    package init(field: String, code: Code, message: String) {
        self.field = field
        self.code = code
        self.message = message
    }
}

/// Collects the faults of a form's fields, so that one answer names all of them.
struct FieldFaults {
    /// Faults of fields that could not be decoded, such as a number in place of a string. The value of such a field is
    /// passed as `nil`, and ``required(_:_:)`` then reports the decoding fault and not a missing field.
    private var undecodable: [FieldError]
    /// Fields of the form that are missing or could not be decoded.
    private var absent: [FieldError] = []
    private var invalid: [FieldError] = []

    init(decoding faults: [FieldError] = []) { undecodable = faults }

    /// An `invalidInput` error with every fault: first the fields without a usable value, then the invalid values.
    var error: IssuerError {
        IssuerError(.invalidInput, "fields are missing or invalid", fields: absent + undecodable + invalid)
    }

    /// Throws an `invalidInput` error with every fault if at least one fault was found.
    func check() throws(IssuerError) {
        guard absent.isEmpty, undecodable.isEmpty, invalid.isEmpty else { throw error }
    }

    /// Returns `text`, the text of the required field `field`. If `text` is `nil`, adds a fault and returns `nil`.
    mutating func required(_ text: String?, _ field: String) -> String? {
        if let text { return text }
        if let index = undecodable.firstIndex(where: { $0.field == field }) {
            absent.append(undecodable.remove(at: index))
        } else {
            absent.append(FieldError(field: field, code: .required, message: "\(field) is required"))
        }
        return nil
    }

    /// Returns the result of `check`, or adds the fault that it throws and returns `nil`.
    mutating func value<Value>(_ check: () throws(FieldError) -> Value) -> Value? {
        do {
            return try check()
        } catch {
            invalid.append(error)
            return nil
        }
    }
}
