/// What a password must be before it is hashed.
///
/// A password is the bytes of its UTF-8 as they arrive: it is not trimmed and not brought into a normal form, so that
/// no later version of a Unicode table can lock anybody out. Its length counts Unicode scalars, as `minLength` of the
/// HTTP contract does.
package struct PasswordRule: Sendable {
    /// Most bytes of a password.
    package static let maximumBytes = 1024

    /// Fewest Unicode scalars of a new password.
    package let minimumLength: Int

    package init(minimumLength: Int) { self.minimumLength = minimumLength }

    /// Checks a password that is to be set.
    /// - Throws: a ``FieldError`` of `field`: `required`, `tooShort` or `tooLong`.
    package func check(new password: String, field: String = "password") throws(FieldError) {
        try check(presented: password, field: field)
        guard password.unicodeScalars.count >= minimumLength else {
            throw FieldError(
                field: field, code: .tooShort, message: "Password must have at least \(minimumLength) characters")
        }
    }

    /// Checks a password that is presented: the minimum may have been lower when it was set.
    /// - Throws: a ``FieldError`` of `field`: `required` or `tooLong`.
    package func check(presented password: String, field: String = "password") throws(FieldError) {
        guard !password.isEmpty else {
            throw FieldError(field: field, code: .required, message: "Password is required")
        }
        guard password.utf8.count <= Self.maximumBytes else {
            throw FieldError(
                field: field, code: .tooLong, message: "Password must have at most \(Self.maximumBytes) bytes")
        }
    }
}
