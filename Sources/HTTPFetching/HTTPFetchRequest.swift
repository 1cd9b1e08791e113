/// One request to an issuer: for a JWKS, for metadata, for introspection, or for tokens.
public struct HTTPFetchRequest: Sendable, Hashable {
    /// The two methods that are needed; the raw value is the method as HTTP spells it.
    public enum Method: String, Sendable {
        /// For keys and metadata.
        case get = "GET"
        /// For introspection and tokens.
        case post = "POST"
    }

    /// GET, or POST for introspection and tokens.
    public let method: Method
    /// Absolute `http` or `https` URL, already checked.
    public let url: String
    /// Header fields in order; names in lower case.
    public let headers: [HTTPFetchField]
    /// Empty for GET.
    public let body: [UInt8]
    /// The time until the whole answer must be there.
    public let timeout: Duration
    /// The most bytes of body that are worth reading.
    public let maximumBodyBytes: Int

    /// A request as a fetcher gets it; nothing is checked. The verifier makes them itself, so this is for the tests of
    /// a fetcher.
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
