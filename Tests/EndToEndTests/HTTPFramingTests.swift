import Testing

@Suite("Malformed HTTP", .timeLimit(.minutes(10)))
struct HTTPFramingTests {
    @Test func `An answer to HEAD has no body, so that the next answer on the connection can be read`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        for path in ["/", "/api/profile", "/api/login", "/nowhere"] {
            let answer = try RawExchange.send("HEAD \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n", to: issuer.port)
            #expect(answer.hasPrefix("HTTP/1.1 "), "\(path)")
            #expect(answer.hasSuffix("\r\n\r\n"), "\(path): \(answer)")
        }
    }

    @Test
    func `A request that offers an upgrade is answered over HTTP/1.1, with Connection: close`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let offer =
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQ\r\n"
        for request in [
            "GET / HTTP/1.1\r\n\(offer)", "HEAD / HTTP/1.1\r\n\(offer)", "GET /nowhere HTTP/1.1\r\n\(offer)",
            "POST /api/login HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\(offer)",
        ] {
            // The test does not close its side of the connection, so that `receive` sees whether the service closes it.
            let connection = try RawExchange.open(
                request + "Host: localhost\r\n\r\n" + (request.hasPrefix("POST") ? "{}" : ""), to: issuer.port)
            defer { RawExchange.close(connection) }
            let answer = RawExchange.receive(from: connection)
            #expect(answer.hasPrefix("HTTP/1.1 "), "\(answer)")
            #expect(answer.lowercased().contains("\r\nconnection: close\r\n"), "\(answer)")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `The service stops even while a request is incomplete`() async throws {
        let issuer = try await RunningIssuer.start()
        let connection = try RawExchange.open(
            "POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
            to: issuer.port)
        defer { RawExchange.close(connection) }
        // The service accepts connections in the order in which they were opened. So an answer to this later GET
        // request shows that the service has accepted `connection`.
        #expect(try await HTTPCall.get(issuer.url + "/").status == 200)
        let start = ContinuousClock.now
        #expect(await issuer.terminate() == 0)
        #expect(start.duration(to: .now) < .seconds(20))
    }

    @Test func `Silent connections do not block the health endpoints, and the API answers again after they close`()
        async throws
    {
        let issuer = try await RunningIssuer.start(descriptors: 256)
        let connections = try (0..<300).map { _ in try RawExchange.open("", to: issuer.port) }
        let ready = try await HTTPCall.get("http://127.0.0.1:\(issuer.opsPort)/health/ready", contract: nil)
        #expect(ready.status == 200)
        for connection in connections { RawExchange.close(connection) }
        #expect(try await HTTPCall.get(issuer.url + "/").status == 200)
    }

    @Test(arguments: [
        "Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n", "Content-Length: 50\r\n\r\n{}",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}",
    ])
    func `A truncated or badly framed body is a client error and logs no error`(rest: String)
        async throws
    {
        let issuer = try await RunningIssuer.start()
        for (path, type) in [
            ("/api/login", "application/json"), ("/oauth2/introspect", "application/x-www-form-urlencoded"),
        ] {
            let answer = try RawExchange.send(
                "POST \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Type: \(type)\r\n\(rest)", to: issuer.port)
            #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(answer)")
        }
        #expect(!issuer.messages.contains("request failed"))
    }
}
