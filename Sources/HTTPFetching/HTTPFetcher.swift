/// An HTTP client as Signet's libraries use it: send one small request, return one small response.
///
/// `SignetVerifierHTTP` implements this protocol with AsyncHTTPClient. A service with another HTTP client implements it in a few
/// lines.
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
