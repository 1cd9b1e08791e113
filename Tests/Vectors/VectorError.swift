/// What is wrong with a vector file, or with a test's idea of it.
public struct VectorError: Error, CustomStringConvertible {
    public let description: String

    init(_ description: String) { self.description = description }
}
