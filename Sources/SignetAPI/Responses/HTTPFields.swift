import HTTPTypes

extension HTTPField.Name {
    /// The `Pragma` header (RFC 9111 section 5.4).
    static let pragma: Self = {
        guard let name = Self("Pragma") else { preconditionFailure("Pragma is not a valid field name") }
        return name
    }()
}
