// The folder Accounts holds users, and the rules for their names, addresses and passwords.
//
// A form in this file is the checked input of one account operation, such as a login. Its initialiser takes the decoded
// fields of the request; `nil` stands for a field that is missing or of a wrong type. If fields are faulty, the
// initialiser throws one error that names all of them.

/// The bounds of a password.
///
/// A password is the UTF-8 bytes that the user sent. Signet neither trims nor normalises a password, because a later
/// Unicode version could normalise the same text to other bytes and lock the user out. The minimum counts Unicode
/// scalars, as `minLength` in `openapi.yaml` does.
struct PasswordRule: Sendable {
    /// Maximum length of a password in bytes.
    static let maximumBytes = 1024

    /// Minimum length of a new password in Unicode scalars.
    let minimumLength: Int

    /// Checks a password that a user wants to set.
    /// - Throws: a ``FieldError`` for `field`: `required` if the password is empty, `tooShort` below ``minimumLength``
    ///   Unicode scalars, or `tooLong` above 1024 bytes.
    func check(new password: String, field: String = "password") throws(FieldError) {
        try Self.check(existing: password, field: field)
        guard password.unicodeScalars.count >= minimumLength else {
            throw FieldError(
                field: field, code: .tooShort, message: "Password must have at least \(minimumLength) characters")
        }
    }

    /// Checks an existing password that a user enters. There is no minimum length, because the minimum may have been
    /// lower when the user set the password.
    /// - Throws: a ``FieldError`` for `field`: `required` or `tooLong`.
    static func check(existing password: String, field: String = "password") throws(FieldError) {
        guard !password.isEmpty else {
            throw FieldError(field: field, code: .required, message: "Password is required")
        }
        guard password.utf8.count <= maximumBytes else {
            throw FieldError(field: field, code: .tooLong, message: "Password must have at most \(maximumBytes) bytes")
        }
    }
}

extension FieldFaults {
    fileprivate mutating func newPassword(_ text: String?, rule: PasswordRule, field: String = "password") -> String? {
        guard let text = required(text, field) else { return nil }
        return value { () throws(FieldError) in
            try rule.check(new: text, field: field)
            return text
        }
    }

    fileprivate mutating func existingPassword(_ text: String?, field: String = "password") -> String? {
        guard let text = required(text, field) else { return nil }
        return value { () throws(FieldError) in
            try PasswordRule.check(existing: text, field: field)
            return text
        }
    }

    fileprivate mutating func email(_ text: String?) -> EmailAddress? {
        guard let text = required(text, "email") else { return nil }
        return value { () throws(FieldError) in try EmailAddress(text) }
    }
}

/// The fields of a new account: `name`, `email`, `password` and, from an operator, `roles`.
struct RegistrationForm: Sendable {
    /// Maximum number of roles of one user.
    static let maximumRoles = 32
    /// Maximum length of a role in bytes.
    static let maximumRoleLength = 64

    let name: DisplayName
    let email: EmailAddress
    let password: String
    /// The roles in ascending order, without duplicates.
    let roles: [String]

    /// Checks the fields of a new account.
    /// - Parameter decodingFaults: faults of fields that the caller could not decode. Pass `nil` as the value of such a
    ///   field.
    /// - Throws: one `invalidInput` error that lists the faults of all fields.
    init(
        name: String?, email: String?, password: String?, roles: [String] = [], rule: PasswordRule,
        decodingFaults: [FieldError] = []
    ) throws(IssuerError) {
        var faults = FieldFaults(decoding: decodingFaults)
        let displayName = faults.required(name, "name").flatMap { text in
            faults.value { () throws(FieldError) in try DisplayName(text) }
        }
        let address = faults.email(email)
        let password = faults.newPassword(password, rule: rule)
        let roles = faults.value { () throws(FieldError) in try Self.checked(roles) }
        try faults.check()
        guard let displayName, let address, let password, let roles else { throw faults.error }
        self.name = displayName
        self.email = address
        self.password = password
        self.roles = roles
    }

    private static func checked(_ roles: [String]) throws(FieldError) -> [String] {
        guard roles.count <= maximumRoles, roles.allSatisfy({ $0.utf8.count <= maximumRoleLength }) else {
            throw FieldError(
                field: "roles", code: .tooLong,
                message: "At most \(maximumRoles) roles of at most \(maximumRoleLength) characters")
        }
        guard roles.allSatisfy(Scope.isValue) else {
            throw FieldError(
                field: "roles", code: .forbiddenCharacter,
                message: "A role is printable ASCII without spaces and quotes")
        }
        return Array(Set(roles)).sorted()
    }
}

/// The fields of a login: `email` and `password`, and the optional `audience` and `scope`.
struct LoginForm: Sendable {
    let email: EmailAddress
    let password: String
    /// The audiences of the session's access tokens; empty for the issuer's own audience alone.
    let audiences: [String]
    /// The scope of the session's access tokens.
    let scope: String

    /// Checks the fields of a login.
    /// - Parameter policy: the audiences and the scope that a login may request.
    init(
        email: String?, password: String?, audiences: [String], scope: String?, policy: LoginPolicy,
        decodingFaults: [FieldError] = []
    ) throws(IssuerError) {
        var faults = FieldFaults(decoding: decodingFaults)
        let address = faults.email(email)
        let password = faults.existingPassword(password)
        let audiences = faults.value { () throws(FieldError) in try policy.checked(audiences: audiences) }
        let scope = faults.value { () throws(FieldError) in try policy.checked(scope: scope) }
        try faults.check()
        guard let address, let password, let audiences, let scope else { throw faults.error }
        self.email = address
        self.password = password
        self.audiences = audiences
        self.scope = scope
    }
}

/// The fields of a password change: `currentPassword` and `newPassword`.
struct PasswordChangeForm: Sendable {
    let current: String
    let new: String

    init(
        current: String?, new: String?, rule: PasswordRule, decodingFaults: [FieldError] = []
    ) throws(IssuerError) {
        var faults = FieldFaults(decoding: decodingFaults)
        let current = faults.existingPassword(current, field: "currentPassword")
        let new = faults.newPassword(new, rule: rule, field: "newPassword")
        try faults.check()
        guard let current, let new else { throw faults.error }
        self.current = current
        self.new = new
    }
}

/// A form with the one field `password`: the new password that an operator sets, or the current password that confirms
/// the deletion of an account.
struct PasswordForm: Sendable {
    let password: String

    init(new password: String?, rule: PasswordRule) throws(IssuerError) {
        var faults = FieldFaults()
        guard let password = faults.newPassword(password, rule: rule) else { throw faults.error }
        self.password = password
    }

    init(existing password: String?, decodingFaults: [FieldError] = []) throws(IssuerError) {
        var faults = FieldFaults(decoding: decodingFaults)
        let password = faults.existingPassword(password)
        try faults.check()
        guard let password else { throw faults.error }
        self.password = password
    }
}
