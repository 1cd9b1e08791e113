import SignetVerifier
import SignetVerifierHTTP

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
