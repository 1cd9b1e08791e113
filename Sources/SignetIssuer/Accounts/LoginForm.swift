/// What it takes to log in, checked for shape only.
struct LoginForm: Sendable {
    let email: EmailAddress
    let password: String

    /// - Throws: `invalidInput` with every faulty field.
    init(email: String, password: String, rule: PasswordRule) throws(IssuerError) {
        var faults = FieldFaults()
        let address = faults.value { () throws(FieldError) in try EmailAddress(email) }
        faults.value { () throws(FieldError) in try rule.check(presented: password) }
        guard let address, faults.isEmpty else { throw faults.error }
        self.email = address
        self.password = password
    }
}
