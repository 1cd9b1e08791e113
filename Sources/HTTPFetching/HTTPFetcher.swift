/// An HTTP client for Signet's libraries: sends one small request and returns one small response.
///
/// `SignetVerifierHTTP` implements this protocol with AsyncHTTPClient. If a service uses another HTTP client, it
/// implements the protocol in a few lines.
public protocol HTTPFetcher: Sendable {
    /// Sends `request` once and returns the response, whatever its status.
    ///
    /// An implementation must:
    /// - return a redirect (3xx) instead of following it;
    /// - stop reading and throw once the body exceeds ``HTTPFetchRequest/maximumBodyBytes``;
    /// - throw if the response is not complete within ``HTTPFetchRequest/timeout``;
    /// - check the server's certificate for `https`;
    /// - keep the request's headers and body out of error texts, because they carry credentials.
    func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse
}
