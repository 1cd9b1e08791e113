import AsyncHTTPClient
import HTTPFetching
import NIOHTTP1
import SignetTesting
import SignetVerifier
import SignetVerifierHTTP
import Testing

@Suite("The fetcher over AsyncHTTPClient", .timeLimit(.minutes(1)))
struct HTTPClientFetcherTests {
    private func request(_ url: String, timeout: Duration = .seconds(5), maximum: Int = 1000) -> HTTPFetchRequest {
        HTTPFetchRequest(url: url, timeout: timeout, maximumBodyBytes: maximum)
    }

    @Test func `sends the request as given and returns status, header fields and body`() async throws {
        let server = try await LocalServer.start([
            "/a?b=c": .init(status: .created, headers: [("ETag", "\"v1\"")], chunks: [[1, 2], [3]])
        ])
        let response = try await HTTPClientFetcher.shared.fetch(
            HTTPFetchRequest(
                method: .post, url: server.url + "/a?b=c",
                headers: [HTTPFetchField("content-type", "application/x-www-form-urlencoded")],
                body: Array("token=t".utf8), timeout: .seconds(5), maximumBodyBytes: 3))
        #expect(response.status == 201)
        #expect(response.headers.contains { $0.name.lowercased() == "etag" && $0.value == "\"v1\"" })
        #expect(response.body == [1, 2, 3])
        let received = try #require(server.received("/a?b=c"))
        #expect(received.method == "POST")
        #expect(received.body == Array("token=t".utf8))
        #expect(received.headers["content-type"] == "application/x-www-form-urlencoded")
        #expect(received.headers["user-agent"] == "signet-verifier")
        try await server.stop()
    }

    @Test func `follows no redirect`() async throws {
        let server = try await LocalServer.start([
            "/from": .init(status: .found, headers: [("location", "/to")]), "/to": .init(chunks: [[1]]),
        ])
        let response = try await HTTPClientFetcher.shared.fetch(request(server.url + "/from"))
        #expect(response.status == 302)
        #expect(server.received("/to") == nil)
        try await server.stop()
    }

    @Test func `uses the application's client and name, and does not shut the client down`() async throws {
        let server = try await LocalServer.start(["/": .init(chunks: [[1]])])
        let client = HTTPClient(
            eventLoopGroupProvider: .singleton, configuration: .init(redirectConfiguration: .disallow))
        for _ in 0..<2 {
            let fetcher = HTTPClientFetcher(client: client, userAgent: "orders/1.0")
            #expect(try await fetcher.fetch(request(server.url + "/")).body == [1])
            try await fetcher.shutdown()
        }
        #expect(server.received("/")?.headers["user-agent"] == "orders/1.0")
        try await client.shutdown()
        try await server.stop()
    }

    @Test func `refuses a response for which the application's client followed a redirect`() async throws {
        let server = try await LocalServer.start([
            "/from": .init(status: .found, headers: [("location", "/to")]), "/to": .init(chunks: [[1]]),
        ])
        let client = HTTPClient(eventLoopGroupProvider: .singleton)
        await #expect(throws: HTTPClientFetcher.Redirected.self) {
            try await HTTPClientFetcher(client: client).fetch(request(server.url + "/from"))
        }
        try await client.shutdown()
        try await server.stop()
    }

    @Test func `turns redirects off in the settings of its own client, and refuses an unreachable proxy`() async throws
    {
        let server = try await LocalServer.start([
            "/from": .init(status: .found, headers: [("location", "/to")]), "/to": .init(chunks: [[1]]),
        ])
        var settings = HTTPClient.Configuration()
        settings.redirectConfiguration = .follow(max: 5, allowCycles: false)
        let fetcher = HTTPClientFetcher(configuration: settings)
        #expect(try await fetcher.fetch(request(server.url + "/from")).status == 302)
        try await fetcher.shutdown()
        let unused = try await LocalServer.start([:])
        let port = try #require(Int(unused.url.split(separator: ":").last ?? ""))
        try await unused.stop()
        settings.proxy = .server(host: "127.0.0.1", port: port)
        let proxied = HTTPClientFetcher(configuration: settings)
        await #expect(throws: (any Error).self) { try await proxied.fetch(request(server.url + "/from")) }
        try await proxied.shutdown()
        try await server.stop()
    }

    @Test(arguments: [false, true])
    func `stops reading a body over the limit`(isEndless: Bool) async throws {
        let server = try await LocalServer.start([
            "/": .init(chunks: Array(repeating: [UInt8](repeating: 0, count: 600), count: 2), isEndless: isEndless)
        ])
        await #expect(throws: (any Error).self) {
            try await HTTPClientFetcher.shared.fetch(request(server.url + "/", timeout: .seconds(50)))
        }
        try await server.stop()
    }

    @Test func `stops waiting for a response after the timeout`() async throws {
        let server = try await LocalServer.start(["/": .init(chunks: [[1]], isEndless: true)])
        await #expect(throws: HTTPClientFetcher.TimedOut.self) {
            try await HTTPClientFetcher.shared.fetch(request(server.url + "/", timeout: .milliseconds(100)))
        }
        try await server.stop()
    }

    @Test func `throws if the connection is refused`() async throws {
        let server = try await LocalServer.start([:])
        let url = server.url
        try await server.stop()
        let error = await #expect(throws: HTTPClientFetcher.ConnectionFailed.self) {
            try await HTTPClientFetcher.shared.fetch(request(url + "/"))
        }
        #expect(error?.description == "Connection refused")
    }

    @Test func `fetches keys over a socket that verify a token`() async throws {
        let issuer = try TestIssuer(issuer: "http://127.0.0.1")
        let body = issuer.jwks
        let server = try await LocalServer.start(["/keys": .init(chunks: [body])])
        var configuration = RemoteKeyConfiguration()
        configuration.fetchTimeout = .seconds(60)
        let source = try RemoteKeySource(
            jwksURL: server.url + "/keys", fetcher: HTTPClientFetcher.shared, configuration: configuration)
        let verifier = Verifier(policy: try issuer.policy(), keys: source)
        #expect(try await verifier.verify(issuer.token(subject: "ada")).subject == "ada")
        #expect(server.received("/keys")?.headers["accept"]?.contains("application/jwk-set+json") == true)
        try await server.stop()
    }

    @Test func `shuts down its own client`() async throws {
        let fetcher = HTTPClientFetcher()
        try await fetcher.shutdown()
        await #expect(throws: (any Error).self) { try await fetcher.fetch(request("http://127.0.0.1:1/")) }
    }
}
