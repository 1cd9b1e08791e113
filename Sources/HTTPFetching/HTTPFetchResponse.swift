/// One answer, read completely.
public struct HTTPFetchResponse: Sendable, Hashable {
    /// The status code (RFC 9110 section 15), 3xx included.
    public let status: Int
    /// Header fields in the order they came; names in any case.
    public let headers: [HTTPFetchField]
    /// The whole body, without any transfer or content coding.
    public let body: [UInt8]

    /// An answer as a fetcher gives it; the verifier checks all of it.
    public init(status: Int, headers: [HTTPFetchField] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The values of all fields called `name`, which is written in lower case.
    package func values(of name: String) -> [String] {
        headers.lazy.filter { $0.name.lowercased() == name }.map(\.value)
    }
}
