/// A complete response.
public struct HTTPFetchResponse: Sendable, Hashable {
    /// The status code (RFC 9110 section 15). Redirects are returned too.
    public let status: Int
    /// Header fields in the order of arrival; names in any case.
    public let headers: [HTTPFetchField]
    /// The body without transfer coding and content coding.
    public let body: [UInt8]

    /// A response with these values. The caller of the fetcher checks all of them.
    public init(status: Int, headers: [HTTPFetchField] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The values of all fields with this name, given in lower case.
    package func values(of name: String) -> [String] {
        headers.lazy.filter { $0.name.lowercased() == name }.map(\.value)
    }
}
