import Hummingbird
import HummingbirdTesting
import SignetVerifier
import Testing

@Suite("The fetcher over URLSession", .timeLimit(.minutes(1)))
struct URLSessionFetcherTests {
    /// Starts a server and runs `body` with its port. The server redirects `/from` to `/echo`, returns the request's
    /// authorization and body at `/echo`, and returns 2000 bytes at `/long`.
    private func withServer(_ body: @escaping @Sendable (Int) async throws -> Void) async throws {
        let router = Router()
        router.get("from") { _, _ in Response.redirect(to: "/echo") }
        router.post("echo") { request, _ in
            let text = String(buffer: try await request.body.collect(upTo: 1000))
            return Response(
                status: .created, headers: [.eTag: "\"v1\""],
                body: .init(byteBuffer: .init(string: "\(request.headers[.authorization] ?? "none") \(text)")))
        }
        router.get("long") { _, _ in String(repeating: "x", count: 2000) }
        try await Application(router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0))).test(
            .live
        ) {
            try await body(try #require($0.port))
        }
    }

    private func request(_ url: String, maximum: Int = 1000) -> HTTPFetchRequest {
        HTTPFetchRequest(url: url, timeout: .seconds(20), maximumBodyBytes: maximum)
    }

    @Test func `sends the request as given, and returns status, header fields and body`() async throws {
        try await withServer { port in
            let response = try await URLSessionFetcher().fetch(
                HTTPFetchRequest(
                    method: .post, url: "http://127.0.0.1:\(port)/echo",
                    headers: [HTTPFetchField("authorization", "Basic dTpw")], body: Array("token=t".utf8),
                    timeout: .seconds(20), maximumBodyBytes: 1000))
            #expect(response.status == 201)
            #expect(response.headers.contains { $0.name.lowercased() == "etag" && $0.value == "\"v1\"" })
            #expect(String(decoding: response.body, as: UTF8.self) == "Basic dTpw token=t")
        }
    }

    @Test func `follows no redirect and stops at the limit of the body`() async throws {
        try await withServer { port in
            let redirect = try await URLSessionFetcher().fetch(request("http://127.0.0.1:\(port)/from"))
            #expect((300...399).contains(redirect.status))
            await #expect(throws: (any Error).self) {
                try await URLSessionFetcher().fetch(request("http://127.0.0.1:\(port)/long"))
            }
            let whole = try await URLSessionFetcher().fetch(request("http://127.0.0.1:\(port)/long", maximum: 2000))
            #expect(whole.body.count == 2000)
        }
    }

    @Test func `throws if nobody listens`() async throws {
        await #expect(throws: (any Error).self) {
            try await URLSessionFetcher().fetch(request("http://127.0.0.1:1/"))
        }
    }
}
