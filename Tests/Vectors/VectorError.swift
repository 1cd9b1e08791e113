/// The error for a test data file that is malformed or differs from what the test expects.
public struct VectorError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
