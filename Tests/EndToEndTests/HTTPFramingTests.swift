import Testing

@Suite("Requests that no client should send")
struct HTTPFramingTests {
    @Test func `An answer to HEAD has no body, whatever it says, so that the next answer begins where it should`()
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
    func `A request that offers another protocol is answered over HTTP/1.1, and the answer says that it is the last`()
        async throws
    {
        let issuer = try await RunningIssuer.start()
        let offer =
            "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABkAAQ\r\n"
        for request in [
            "GET / HTTP/1.1\r\n\(offer)", "HEAD / HTTP/1.1\r\n\(offer)", "GET /nowhere HTTP/1.1\r\n\(offer)",
            "POST /api/login HTTP/1.1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\(offer)",
        ] {
            // Left open by this side: it is the service that has to end it.
            let connection = try RawExchange.open(
                request + "Host: localhost\r\n\r\n" + (request.hasPrefix("POST") ? "{}" : ""), to: issuer.port)
            defer { RawExchange.close(connection) }
            let answer = RawExchange.receive(from: connection)
            #expect(answer.hasPrefix("HTTP/1.1 "), "\(answer)")
            #expect(answer.lowercased().contains("\r\nconnection: close\r\n"), "\(answer)")
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func `A request that never ends does not keep the service from stopping`() async throws {
        let issuer = try await RunningIssuer.start()
        let connection = try RawExchange.open(
            "POST /api/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
            to: issuer.port)
        defer { RawExchange.close(connection) }
        // Answered after the other connection was taken up.
        #expect(try await HTTPCall.get(issuer.url + "/").status == 200)
        let start = ContinuousClock.now
        #expect(await issuer.terminate() == 0)
        #expect(start.duration(to: .now) < .seconds(20))
    }

    @Test func `Connections that say nothing take neither the health endpoints nor, once gone, the API`() async throws {
        let issuer = try await RunningIssuer.start(descriptors: 256)
        let connections = try (0..<300).map { _ in try RawExchange.open("", to: issuer.port) }
        let ready = try await HTTPCall.get("http://127.0.0.1:\(issuer.opsPort)/health/ready")
        #expect(ready.status == 200)
        for connection in connections { RawExchange.close(connection) }
        #expect(try await HTTPCall.get(issuer.url + "/").status == 200)
    }

    @Test(arguments: [
        "Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n", "Content-Length: 50\r\n\r\n{}",
        "Transfer-Encoding: chunked\r\n\r\n2\r\n{}",
    ])
    func `A body that breaks off or is badly framed is the sender's fault, and no error in the log`(rest: String)
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
