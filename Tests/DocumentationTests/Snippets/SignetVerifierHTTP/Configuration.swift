import AsyncHTTPClient
import SignetVerifierHTTP

func proxiedFetcher() -> HTTPClientFetcher {
    var configuration = HTTPClient.Configuration()
    configuration.proxy = .server(host: "proxy.example", port: 3128)
    return HTTPClientFetcher(configuration: configuration, userAgent: "orders/1.0")
}

func sharedFetcher(of client: HTTPClient) -> HTTPClientFetcher {
    HTTPClientFetcher(client: client, userAgent: "orders/1.0")
}
