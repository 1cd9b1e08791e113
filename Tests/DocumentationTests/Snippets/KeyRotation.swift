// snippet: imports
import SignetVerifier

// end

// The Swift code of the documentation page KeyRotation.md. This test target compiles and runs it.

// snippet: configuration
func carefulKeys(fetcher: any HTTPFetcher) throws -> RemoteKeySource {
    var configuration = RemoteKeyConfiguration()
    configuration.maximumLifetime = .seconds(900)  // a withdrawn key is gone after at most 15 minutes,
    configuration.outageWindow = .seconds(300)  // 20 when the issuer cannot be reached just then
    return try RemoteKeySource(issuer: "https://issuer.test", fetcher: fetcher, configuration: configuration)
}
// end

// snippet: offline
func offlineKeys() throws -> FileKeySource {
    try FileKeySource(path: "/etc/orders/jwks.json", interval: .seconds(10))
}
// end
