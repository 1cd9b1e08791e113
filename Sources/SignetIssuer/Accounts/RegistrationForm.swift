/// What it takes to open an account, checked.
struct RegistrationForm: Sendable {
    let name: DisplayName
    let email: EmailAddress
    let password: String

    /// - Throws: `invalidInput` with every faulty field.
    init(name: String, email: String, password: String, rule: PasswordRule) throws(IssuerError) {
        var faults = FieldFaults()
        let displayName = faults.value { () throws(FieldError) in try DisplayName(name) }
        let address = faults.value { () throws(FieldError) in try EmailAddress(email) }
        faults.value { () throws(FieldError) in try rule.check(new: password) }
        guard let displayName, let address, faults.isEmpty else { throw faults.error }
        self.name = displayName
        self.email = address
        self.password = password
    }
}
