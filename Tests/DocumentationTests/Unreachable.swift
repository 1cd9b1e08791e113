import SignetVerifier

/// A fetcher whose requests always fail, as if the issuer were down.
struct Unreachable: HTTPFetcher {
    struct Failure: Error {}

    func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse { throw Failure() }
}
