import SignetVerifier
import SignetVerifierHTTP

// The code of SignetVerifierHTTP.md, compiled and run.

// snippet: shared
func sharedKeys() throws -> RemoteKeySource {
    try RemoteKeySource(issuer: "https://issuer.example", fetcher: HTTPClientFetcher.shared)
}
// end

// snippet: own
func withOwnFetcher(_ body: (RemoteKeySource) async throws -> Void) async throws {
    let fetcher = HTTPClientFetcher()
    do {
        try await body(RemoteKeySource(issuer: "https://issuer.example", fetcher: fetcher))
    } catch {
        try await fetcher.shutdown()
        throw error
    }
    try await fetcher.shutdown()
}
// end
