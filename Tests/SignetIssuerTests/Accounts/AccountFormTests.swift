import Testing

@testable import SignetIssuer

/// The error for an invalid form lists all invalid fields: first those that are missing or have a wrong type, then
/// those with an invalid value.
@Suite struct AccountFormTests {
    private static let rule = PasswordRule(minimumLength: 8)
    private static let login = LoginPolicy(ownAudience: "https://api.example.com")

    private static func faults(_ make: () throws(IssuerError) -> some Any) -> [String]? {
        do {
            _ = try make()
            return nil
        } catch {
            #expect(error.code == .invalidInput)
            return error.fields.map { "\($0.field): \($0.message)" }
        }
    }

    private static func wrongType(_ field: String) -> FieldError {
        FieldError(field: field, code: .wrongType, message: "\(field) must be a string")
    }

    @Test func `a registration names missing, undecodable and invalid fields`() {
        let faults = Self.faults { () throws(IssuerError) in
            try RegistrationForm(
                name: nil, email: nil, password: "short", rule: Self.rule, decodingFaults: [Self.wrongType("email")])
        }
        #expect(
            faults == [
                "name: name is required", "email: email must be a string",
                "password: Password must have at least 8 characters",
            ])
    }

    @Test func `a login names faults of fields that are not in the form after its own`() {
        let delivery = FieldError(field: "delivery", code: .invalidValue, message: "delivery must be body or cookie")
        let faults = Self.faults { () throws(IssuerError) in
            try LoginForm(
                email: "nobody", password: nil, audiences: [], scope: nil, policy: Self.login,
                decodingFaults: [Self.wrongType("deviceName"), delivery])
        }
        #expect(
            faults == [
                "password: password is required", "deviceName: deviceName must be a string",
                "delivery: delivery must be body or cookie", "email: Please include a valid email",
            ])
    }

    @Test func `a form with valid fields is refused if the request had another fault`() {
        let faults = Self.faults { () throws(IssuerError) in
            try LoginForm(
                email: "ada@example.com", password: "x", audiences: [], scope: nil, policy: Self.login,
                decodingFaults: [Self.wrongType("deviceName")])
        }
        #expect(faults == ["deviceName: deviceName must be a string"])
    }

    @Test func `a password change names both passwords by their own field`() {
        let faults = Self.faults { () throws(IssuerError) in
            try PasswordChangeForm(current: "", new: "short", rule: Self.rule)
        }
        #expect(
            faults == [
                "currentPassword: Password is required", "newPassword: Password must have at least 8 characters",
            ])
        let missing = Self.faults { () throws(IssuerError) in
            try PasswordChangeForm(current: nil, new: nil, rule: Self.rule)
        }
        #expect(missing == ["currentPassword: currentPassword is required", "newPassword: newPassword is required"])
    }

    @Test func `an existing password may be shorter than the minimum, a new one may not`() throws {
        #expect(try PasswordForm(existing: "x").password == "x")
        #expect(try PasswordForm(new: "12345678", rule: Self.rule).password == "12345678")
        let faults = Self.faults { () throws(IssuerError) in try PasswordForm(new: "1234567", rule: Self.rule) }
        #expect(faults == ["password: Password must have at least 8 characters"])
        let missing = Self.faults { () throws(IssuerError) in try PasswordForm(existing: nil) }
        #expect(missing == ["password: password is required"])
    }

    @Test func `a registration sorts its roles and removes duplicates`() throws {
        let form = try RegistrationForm(
            name: "Ada", email: "ada@example.com", password: "12345678", roles: ["b", "a", "b"], rule: Self.rule)
        #expect(form.roles == ["a", "b"])
    }

    @Test func `a password with the largest minimum length can be set, whatever its characters`() {
        let largest = IssuerConfiguration.passwordMinimumLengths.upperBound
        let rule = PasswordRule(minimumLength: largest)
        #expect(
            Self.faults { () throws(IssuerError) in
                try PasswordForm(new: String(repeating: "\u{1F511}", count: largest), rule: rule)
            } == nil)
        #expect(
            Self.faults { () throws(IssuerError) in
                try PasswordForm(new: String(repeating: "a", count: largest - 1), rule: rule)
            } != nil)
    }
}
