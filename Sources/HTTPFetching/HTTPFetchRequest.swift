/// An HTTP request to an issuer: for keys, metadata, status lists, introspection or tokens.
public struct HTTPFetchRequest: Sendable, Hashable {
    /// The request methods that Signet uses. The raw value is the name in HTTP.
    public enum Method: String, Sendable {
        /// The method of requests for keys, metadata and status lists.
        case get = "GET"
        /// The method of introspection and token requests.
        case post = "POST"
    }

    /// The request method.
    public let method: Method
    /// The absolute `http` or `https` URL to request. Signet's libraries validate it before they call a fetcher.
    public let url: String
    /// Header fields in order; names in lower case.
    public let headers: [HTTPFetchField]
    /// The request body; empty for GET.
    public let body: [UInt8]
    /// The time limit for the whole response.
    public let timeout: Duration
    /// The largest accepted response body, in bytes.
    public let maximumBodyBytes: Int

    /// Creates a request without checking the values. Use it to test your own fetcher; Signet's libraries create their
    /// requests themselves.
    public init(
        method: Method = .get, url: String, headers: [HTTPFetchField] = [], body: [UInt8] = [], timeout: Duration,
        maximumBodyBytes: Int
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.maximumBodyBytes = maximumBodyBytes
    }
}
