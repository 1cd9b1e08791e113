/// One header field (RFC 9110 section 5).
public struct HTTPFetchField: Sendable, Hashable {
    /// In any case.
    public let name: String
    /// As it is sent, without whitespace around it.
    public let value: String

    /// A field of this name and value; neither is checked.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
