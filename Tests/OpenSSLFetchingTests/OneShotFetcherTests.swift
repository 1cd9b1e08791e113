import HTTPFetching
import TestSupport
import Testing

@testable import OpenSSLFetching

@Suite("The fetcher for commands", .timeLimit(.minutes(1)))
struct OneShotFetcherTests {
    private func request(_ url: String, timeout: Duration = .seconds(30), maximum: Int = 1000) -> HTTPFetchRequest {
        HTTPFetchRequest(
            url: url, headers: [HTTPFetchField("authorization", "Basic c2VjcmV0")], timeout: timeout,
            maximumBodyBytes: maximum)
    }

    /// Fetches `path` from a server that sends the bytes `answer` and then, as `end` says, closes the connection or
    /// not.
    private func fetch(
        answer: String, then end: RawServer.End = .close, path: String = "/", timeout: Duration = .seconds(30),
        maximum: Int = 1000
    ) async throws -> HTTPFetchResponse {
        let server = try await RawServer.start(sending: answer, then: end)
        let result: Result<HTTPFetchResponse, any Error>
        do {
            result = .success(
                try await OneShotFetcher().fetch(
                    request("http://127.0.0.1:\(server.port)\(path)", timeout: timeout, maximum: maximum)))
        } catch {
            result = .failure(error)
        }
        try await server.stop()
        return try result.get()
    }

    // MARK: - HTTP

    @Test func `sends the request as given and returns status, header fields and body`() async throws {
        let server = try await RawServer.start(
            sending: "HTTP/1.1 201 Created\r\nETag: \"v1\"\r\nContent-Length: 3\r\n\r\nabc", then: .keepOpen)
        let response = try await OneShotFetcher().fetch(
            HTTPFetchRequest(
                method: .post, url: "http://127.0.0.1:\(server.port)/a?b=c",
                headers: [HTTPFetchField("content-type", "application/x-www-form-urlencoded")],
                body: Array("token=t".utf8), timeout: .seconds(30), maximumBodyBytes: 3))
        #expect(response.status == 201)
        #expect(response.headers.contains(HTTPFetchField("ETag", "\"v1\"")))
        #expect(response.body == Array("abc".utf8))
        let received = server.received
        #expect(received.hasPrefix("POST /a?b=c HTTP/1.1\r\nhost: 127.0.0.1:\(server.port)\r\n"))
        #expect(received.contains("\r\ncontent-type: application/x-www-form-urlencoded\r\n"))
        #expect(received.contains("\r\ncontent-length: 7\r\n"))
        #expect(received.contains("\r\nconnection: close\r\n"))
        #expect(received.hasSuffix("\r\n\r\ntoken=t"))
        try await server.stop()
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\nabc",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc",
    ])
    func `reads a body in chunks, up to the end of the connection, and after an interim response`(
        answer: String
    ) async throws {
        #expect(try await fetch(answer: answer).body == Array("abc".utf8))
    }

    @Test(arguments: [301, 302, 307, 401, 404, 503])
    func `returns redirects and refusals with their status`(status: Int) async throws {
        let response = try await fetch(
            answer: "HTTP/1.1 \(status) X\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n")
        #expect(response.status == status)
        #expect(response.values(of: "location") == ["http://127.0.0.1:1/"])
        #expect(response.body.isEmpty)
    }

    @Test(arguments: [
        "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nabcd", "HTTP/1.1 200 OK\r\n\r\nabcd",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n1\r\nd\r\n",
    ])
    func `stops reading a body over the limit`(answer: String) async throws {
        await #expect(throws: FetchFailure.tooLarge(limit: 3)) {
            try await fetch(answer: answer, then: .keepOpen, maximum: 3)
        }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nabc"])
    func `throws if the connection closes before the end of the response`(answer: String) async throws {
        await #expect(throws: FetchFailure.closedEarly) { try await fetch(answer: answer) }
    }

    @Test(arguments: ["", "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nabc"])
    func `stops waiting for a response after the timeout`(answer: String) async throws {
        await #expect(throws: FetchFailure.timedOut(.milliseconds(100))) {
            try await fetch(answer: answer, then: .keepOpen, timeout: .milliseconds(100))
        }
    }

    @Test(arguments: [
        "220 mail.example.com ESMTP\r\n", "HTTP/1.1 200 OK\r\nx: \(String(repeating: "y", count: 1 << 20))",
    ])
    func `throws if the server does not speak HTTP or sends an endless header`(answer: String) async throws {
        let error = await #expect(throws: FetchFailure.self) { try await fetch(answer: answer, then: .keepOpen) }
        #expect(error?.description.hasPrefix("expected an HTTP/1.1 response: ") == true, "\(String(describing: error))")
    }

    @Test func `ends when its task is cancelled`() async throws {
        let server = try await RawServer.start(sending: "", then: .keepOpen)
        let url = "http://127.0.0.1:\(server.port)/"
        let task = Task { try await OneShotFetcher().fetch(request(url)) }
        try await wait { server.received.isEmpty }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        try await server.stop()
    }

    @Test func `throws if the connection is refused`() async throws {
        let server = try await RawServer.start(sending: "", then: .close)
        let url = "http://localhost:\(server.port)/"
        try await server.stop()
        let error = await #expect(throws: FetchFailure.connection("Connection refused")) {
            try await OneShotFetcher().fetch(request(url))
        }
        #expect(error?.description == "Connection refused")
    }

    @Test(arguments: ["http", "https"])
    func `throws if the name service does not know the host`(scheme: String) async throws {
        let error = await #expect(throws: FetchFailure.unknownHost("nothing.invalid")) {
            try await OneShotFetcher().fetch(request("\(scheme)://nothing.invalid/"))
        }
        #expect(error?.description == "the host nothing.invalid has no address: check the name")
    }

    @Test func `refuses a header field that would add another field, and keeps its value out of the error`()
        async throws
    {
        let server = try await RawServer.start(sending: "HTTP/1.1 200 OK\r\n\r\n", then: .close)
        let error = await #expect(throws: FetchFailure.self) {
            try await OneShotFetcher().fetch(
                HTTPFetchRequest(
                    url: "http://127.0.0.1:\(server.port)/", headers: [HTTPFetchField("a", "secret\r\nb: c")],
                    timeout: .seconds(30), maximumBodyBytes: 10))
        }
        #expect(error.map { !$0.description.contains("secret") } == true)
        #expect(!server.received.contains("secret"))
        try await server.stop()
    }

    // MARK: - TLS

    @Test(arguments: ["localhost", "127.0.0.1"], [["-tls1_2"], ["-tls1_3"]])
    func `fetches over TLS 1_2 and 1_3 from a host by name and by address`(host: String, options: [String]) async throws
    {
        let authority = try await TestAuthority()
        let server = try await HTTPSFileServer.start(
            authority.identity(for: "DNS:localhost,IP:127.0.0.1"), options: options)
        let body = [UInt8](repeating: 0x61, count: 100_000)
        try server.answer("keys", withBody: body)
        let response = try await OneShotFetcher(authorities: authority.certificate).fetch(
            request("https://\(host):\(server.port)/keys", maximum: 100_000))
        #expect(response.status == 200)
        #expect(response.body == body)
    }

    @Test func `sends the host as server name and chooses among certificates by it`() async throws {
        let authority = try await TestAuthority()
        // The default certificate of the server is for other.example. The server sends the certificate `second` only to
        // clients whose server name is localhost.
        let second = try await authority.identity(for: "DNS:localhost")
        let server = try await HTTPSFileServer.start(
            authority.identity(for: "DNS:other.example"),
            options: ["-servername", "localhost", "-cert2", second.certificate, "-key2", second.key])
        try server.answer("keys", withBody: [1])
        let response = try await OneShotFetcher(authorities: authority.certificate).fetch(
            request("https://localhost:\(server.port)/keys"))
        #expect(response.body == [1])
    }

    /// Expects that a fetch from `https://host` fails, and returns the error. The server's certificate is for `names`.
    private func failure(
        names: String, days: Int = 1, host: String = "localhost", trusting: TestAuthority? = nil, options: [String] = []
    ) async throws -> FetchFailure? {
        let authority = try await TestAuthority()
        let server = try await HTTPSFileServer.start(authority.identity(for: names, days: days), options: options)
        try server.answer("keys", withBody: [1])
        return await #expect(throws: FetchFailure.self) {
            try await OneShotFetcher(authorities: (trusting ?? authority).certificate).fetch(
                request("https://\(host):\(server.port)/keys"))
        }
    }

    @Test func `refuses a certificate of an authority outside the trust store`() async throws {
        let error = try await failure(names: "DNS:localhost", trusting: try await TestAuthority())
        guard case .unknownAuthority(let reason) = error else {
            Issue.record("unexpected: \(String(describing: error))")
            return
        }
        #expect(!reason.isEmpty)
        #expect(error?.description.contains("set SSL_CERT_FILE to the file") == true)
    }

    @Test func `trusts no private authority by default`() async throws {
        let authority = try await TestAuthority()
        let server = try await HTTPSFileServer.start(authority.identity(for: "DNS:localhost"))
        try server.answer("keys", withBody: [1])
        let error = await #expect(throws: FetchFailure.self) {
            try await OneShotFetcher().fetch(request("https://localhost:\(server.port)/keys"))
        }
        guard case .unknownAuthority = error else {
            Issue.record("unexpected: \(String(describing: error))")
            return
        }
    }

    @Test func `refuses an expired certificate`() async throws {
        #expect(
            try await failure(names: "DNS:localhost", days: -1) == .invalidCertificate("certificate has expired"))
    }

    @Test(arguments: [
        ("DNS:other.example", "localhost"), ("DNS:localhost", "127.0.0.1"), ("IP:127.0.0.2", "127.0.0.1"),
        ("DNS:127.0.0.1", "127.0.0.1"), ("IP:127.0.0.1", "localhost"), ("DNS:localhost.example", "localhost"),
    ])
    func `refuses a certificate for another host`(names: String, host: String) async throws {
        let error = try await failure(names: names, host: host)
        #expect(error == .wrongHost(host))
        #expect(error?.description == "the server's certificate is not for \(host): check the URL")
    }

    @Test func `refuses TLS 1_1`() async throws {
        let error = try await failure(
            names: "DNS:localhost", options: ["-tls1_1", "-cipher", "DEFAULT:@SECLEVEL=0"])
        #expect(error?.description.hasPrefix("TLS failed: ") == true, "\(String(describing: error))")
    }

    @Test func `throws if a server without TLS answers, or none answers in time`() async throws {
        let plain = try await RawServer.start(sending: "HTTP/1.1 400 Bad Request\r\n\r\n", then: .close)
        let error = await #expect(throws: FetchFailure.self) {
            try await OneShotFetcher().fetch(request("https://127.0.0.1:\(plain.port)/"))
        }
        #expect(error?.description.hasPrefix("TLS failed: ") == true, "\(String(describing: error))")
        #expect(!plain.received.contains("c2VjcmV0"))
        try await plain.stop()
        let silent = try await RawServer.start(sending: "", then: .keepOpen)
        await #expect(throws: FetchFailure.timedOut(.milliseconds(100))) {
            try await OneShotFetcher().fetch(
                request("https://127.0.0.1:\(silent.port)/", timeout: .milliseconds(100)))
        }
        try await silent.stop()
        let closing = try await RawServer.start(sending: "", then: .close)
        await #expect(throws: FetchFailure.closedEarly) {
            try await OneShotFetcher().fetch(request("https://127.0.0.1:\(closing.port)/"))
        }
        try await closing.stop()
    }

    @Test func `accepts the end of the connection as the end of a body only if the server announces it`() async throws {
        let authority = try await TestAuthority()
        let server = try await HTTPSFileServer.start(authority.identity(for: "DNS:localhost"), options: ["-tls1_2"])
        try server.answer("keys", with: Array("HTTP/1.0 200 OK\r\n\r\nabc".utf8))
        let fetcher = OneShotFetcher(authorities: authority.certificate)
        #expect(
            try await fetcher.fetch(request("https://localhost:\(server.port)/keys")).body == Array("abc".utf8))
        let proxy = try await CuttingProxy.start(to: server.port)
        await #expect(throws: FetchFailure.closedEarly) {
            try await fetcher.fetch(request("https://localhost:\(proxy.port)/keys"))
        }
        try await proxy.stop()
    }
}
