// snippet: imports
import AsyncHTTPClient
import SignetVerifier
import SignetVerifierHTTP

// end

// The Swift code of the documentation page SignetVerifierHTTP.md. This test target compiles and runs it.

// snippet: shared
func sharedKeys() throws -> RemoteKeySource {
    try RemoteKeySource(issuer: "https://issuer.example", fetcher: HTTPClientFetcher.shared)
}
// end

// snippet: own client
func proxiedFetcher() -> HTTPClientFetcher {
    var configuration = HTTPClient.Configuration()
    configuration.proxy = .server(host: "proxy.example", port: 3128)
    return HTTPClientFetcher(configuration: configuration, userAgent: "orders/1.0")
}

func sharedFetcher(of client: HTTPClient) -> HTTPClientFetcher {
    HTTPClientFetcher(client: client, userAgent: "orders/1.0")
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
