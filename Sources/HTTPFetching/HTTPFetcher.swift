/// All that the verifier knows of HTTP: send one small request, get one small answer.
///
/// `SignetVerifierHTTP` implements it over AsyncHTTPClient; a service with another client writes these few lines itself.
public protocol HTTPFetcher: Sendable {
    /// Sends `request` once and returns the answer, whatever its status.
    ///
    /// The implementation must
    /// - follow no redirect: a 3xx is returned as it came;
    /// - stop reading and throw once the body exceeds ``HTTPFetchRequest/maximumBodyBytes``;
    /// - throw when the whole answer is not there within ``HTTPFetchRequest/timeout``;
    /// - check the server's certificate for `https`;
    /// - put no header or body of the request into the text of an error: they carry credentials.
    func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse
}
