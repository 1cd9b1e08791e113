import TestSupport
import Testing

@Suite("signet token verify over https", .timeLimit(.minutes(5)))
struct TokenVerifyTests {
    /// An issuer with an `https` URL, a TLS server at this URL that publishes the issuer's documents, and a token of
    /// the issuer.
    private struct Service {
        let authority: TestAuthority
        let server: HTTPSFileServer
        let issuer: RunningIssuer
        let token: String

        var url: String { issuer.issuer }

        /// Starts an issuer and the TLS server.
        /// - Parameters:
        ///   - names: the hosts in the certificate of the server.
        ///   - days: the days until the certificate expires.
        static func start(names: String = "DNS:localhost", days: Int = 1) async throws -> Service {
            let authority = try await TestAuthority()
            let server = try await HTTPSFileServer.start(authority.identity(for: names, days: days))
            let issuer = try await RunningIssuer.start(
                settings: ["SIGNET_ISSUER": "https://localhost:\(server.port)"])
            for path in [".well-known/oauth-authorization-server", ".well-known/jwks.json"] {
                let document = try await HTTPCall.get("\(issuer.url)/\(path)")
                try server.answer(path, withBody: [UInt8](document.body))
            }
            let token = try await Person.register(at: issuer).login().access
            return Service(authority: authority, server: server, issuer: issuer, token: token)
        }

        func verify(_ options: [String] = [], trusting file: String? = nil) async throws -> SignetCommand.Result {
            try await SignetCommand.run(
                ["token", "verify", "--issuer", url, "--audience", url] + options, input: token,
                environment: ["SSL_CERT_FILE": file ?? authority.certificate], directory: issuer.directory.url)
        }
    }

    @Test func `fetches the keys from a server whose authority is in SSL_CERT_FILE`() async throws {
        let service = try await Service.start()
        for options in [[], ["--jwks", service.url + "/.well-known/jwks.json"]] {
            let verified = try await service.verify(options)
            #expect(verified.status == 0, "\(verified.errors)")
            #expect(try verified.json["iss"] as? String == service.url)
        }
    }

    @Test func `trusts the certificates in the directory SSL_CERT_DIR`() async throws {
        let service = try await Service.start()
        let directory = try await service.authority.certificateDirectory()
        let verified = try await SignetCommand.run(
            ["token", "verify", "--issuer", service.url, "--audience", service.url], input: service.token,
            environment: ["SSL_CERT_DIR": directory], directory: service.issuer.directory.url)
        #expect(verified.status == 0, "\(verified.errors)")
    }

    /// Expects exit code 2 and an error message that contains `reason` and the location of the keys, but not the token.
    private func expectFailure(
        _ result: SignetCommand.Result, of service: Service, _ reason: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(result.status == 2, "\(result.errors)", sourceLocation: sourceLocation)
        #expect(result.output.isEmpty, sourceLocation: sourceLocation)
        #expect(result.errors.contains(reason), "\(result.errors)", sourceLocation: sourceLocation)
        #expect(result.errors.contains(service.url), "\(result.errors)", sourceLocation: sourceLocation)
        #expect(!result.errors.contains(service.token.suffix(40)), sourceLocation: sourceLocation)
    }

    @Test func `exits with 2 if the certificate is not trusted, expired, or for another host`() async throws {
        let service = try await Service.start()
        let other = try await TestAuthority()
        expectFailure(
            try await service.verify(trusting: other.certificate), of: service, "certificate is not trusted")
        let expired = try await Service.start(days: -1)
        expectFailure(try await expired.verify(), of: expired, "certificate has expired")
        let elsewhere = try await Service.start(names: "DNS:other.example")
        expectFailure(
            try await elsewhere.verify(), of: elsewhere, "the server's certificate is not for localhost: check the URL")
    }

    @Test func `exits with 2 and the reason if the server redirects, refuses, or sends too much`() async throws {
        let service = try await Service.start()
        for (status, fields) in [("302 Found", "location: /elsewhere\r\n"), ("503 Service Unavailable", "")] {
            try service.server.answer(
                ".well-known/jwks.json",
                with: Array("HTTP/1.1 \(status)\r\n\(fields)content-length: 0\r\n\r\n".utf8))
            expectFailure(try await service.verify(), of: service, String(status.prefix(3)))
        }
        try service.server.answer(".well-known/jwks.json", withBody: [UInt8](repeating: 0x20, count: 300_000))
        expectFailure(try await service.verify(), of: service, "bytes in the response")
    }
}
