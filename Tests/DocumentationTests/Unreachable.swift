import SignetVerifier

/// A fetcher for an issuer that is down.
struct Unreachable: HTTPFetcher {
    struct Failure: Error {}

    func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse { throw Failure() }
}
