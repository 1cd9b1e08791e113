/// One header field (RFC 9110 section 5).
public struct HTTPFetchField: Sendable, Hashable {
    /// The field name, in upper or lower case.
    public let name: String
    /// The field value without surrounding whitespace.
    public let value: String

    /// Creates a header field without checking the name and the value.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
