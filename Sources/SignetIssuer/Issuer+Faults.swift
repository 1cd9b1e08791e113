extension Issuer {
    /// What is wrong with the fields of a registration that is refused anyway; `nil` fields are passed over.
    ///
    /// For a caller that found some fields missing or of another type, so that one answer names all faults.
    package func registrationFaults(name: String?, email: String?, password: String?) -> [FieldError] {
        var faults = FieldFaults()
        if let name { faults.value { () throws(FieldError) in try DisplayName(name) } }
        if let email { faults.value { () throws(FieldError) in try EmailAddress(email) } }
        if let password { faults.value { () throws(FieldError) in try passwordRule.check(new: password) } }
        return faults.error.fields
    }

    /// What is wrong with the fields of a login that is refused anyway; `nil` fields are passed over.
    package func loginFaults(email: String?, password: String?) -> [FieldError] {
        var faults = FieldFaults()
        if let email { faults.value { () throws(FieldError) in try EmailAddress(email) } }
        if let password { faults.value { () throws(FieldError) in try passwordRule.check(presented: password) } }
        return faults.error.fields
    }
}
