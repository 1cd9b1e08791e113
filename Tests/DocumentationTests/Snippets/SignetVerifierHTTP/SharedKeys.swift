import SignetVerifier
import SignetVerifierHTTP

func sharedKeys() throws -> RemoteKeySource {
    try RemoteKeySource(issuer: "https://issuer.example", fetcher: HTTPClientFetcher.shared)
}
