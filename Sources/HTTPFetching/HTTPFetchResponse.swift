/// A complete HTTP response.
public struct HTTPFetchResponse: Sendable, Hashable {
    /// The status code (RFC 9110 section 15). A fetcher does not follow a redirect (3xx), but
    /// returns it.
    public let status: Int
    /// Header fields in the order of arrival. Names may be in upper or lower case.
    public let headers: [HTTPFetchField]
    /// The body after transfer coding and content coding are removed.
    public let body: [UInt8]

    /// Creates a response without checking the values.
    public init(status: Int, headers: [HTTPFetchField] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The values of all header fields called `name`, in order. Pass `name` in lower case.
    package func values(of name: String) -> [String] {
        headers.lazy.filter { $0.name.lowercased() == name }.map(\.value)
    }
}
