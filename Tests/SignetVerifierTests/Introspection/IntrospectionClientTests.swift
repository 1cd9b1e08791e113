import HTTPFetching
import JOSE
import SignetTesting
import TestSupport
import Testing

@testable import SignetVerifier

@Suite("The introspection client", .timeLimit(.minutes(1)))
struct IntrospectionClientTests {
    private let fetcher = GatedFetcher()
    private let clock = MonotonicClock()

    /// A configuration with a cache and a long timeout. The timeout is long because tests answer the client's requests
    /// themselves, which may take time on a busy machine.
    private static let patient: IntrospectionConfiguration = {
        var configuration = IntrospectionConfiguration()
        configuration.timeout = .seconds(60)
        configuration.maximumAge = .seconds(10)
        return configuration
    }()

    private func client(_ configuration: IntrospectionConfiguration = patient) throws -> IntrospectionClient {
        let clock = clock
        let start = clock.now()
        return try IntrospectionClient(
            endpoint: "https://issuer.test/oauth2/introspect", clientID: "a b:c", clientSecret: "p%\u{E9}",
            fetcher: fetcher, configuration: configuration, now: clock.now,
            date: { Sample.now + start.duration(to: clock.now()) })
    }

    private static func response(_ json: String, status: Int = 200) -> Result<HTTPFetchResponse, any Error> {
        .success(HTTPFetchResponse(status: status, body: Array(json.utf8)))
    }

    private static let active = #"{"active":true,"sub":"ada","scope":"a b","exp":1800000005}"#

    /// Lets `client` introspect `token`, and answers its HTTP request with `json`.
    /// - Parameter request: the number of this HTTP request; 1 for the first request of the test.
    private func ask(_ client: IntrospectionClient, _ token: String, json: String, request: Int) async throws
        -> Introspection
    {
        let asking = Task { try await client.introspect(token) }
        await fetcher.arrived(request)
        fetcher.answer(Self.response(json))
        return try await asking.value
    }

    @Test func `posts the token as a form, with form-encoded client credentials in HTTP Basic`() async throws {
        let client = try client(.init())
        _ = try await ask(client, "t+/=1", json: Self.active, request: 1)
        let request = try #require(fetcher.requests.first)
        #expect(request.method == .post)
        #expect(request.url == "https://issuer.test/oauth2/introspect")
        #expect(request.body == Array("token=t%2B%2F%3D1&token_type_hint=access_token".utf8))
        #expect(request.timeout == .seconds(5))
        // The Base64 text is `a+b%3Ac:p%25%C3%A9`: RFC 6749 section 2.3.1 form-encodes the client id `a b:c` and the
        // secret `p%é` before they are joined.
        #expect(request.headers.contains(HTTPFetchField("authorization", "Basic YStiJTNBYzpwJTI1JUMzJUE5")))
        #expect(request.headers.contains(HTTPFetchField("content-type", "application/x-www-form-urlencoded")))
    }

    @Test func `caches an answer, but not past the token's exp`() async throws {
        let client = try client()
        guard case .active(let token) = try await ask(client, "t", json: Self.active, request: 1) else {
            Issue.record("expected an active token")
            return
        }
        #expect(token.subject == "ada")
        #expect(token.scopes == ["a", "b"])
        clock.advance(by: .milliseconds(4999))
        #expect(try await client.introspect("t") == .active(token))
        #expect(fetcher.requests.count == 1)
        clock.advance(by: .milliseconds(1))
        #expect(try await ask(client, "t", json: #"{"active":false}"#, request: 2) == .inactive)
    }

    @Test func `caches an answer for the configured time`() async throws {
        let client = try client()
        #expect(try await ask(client, "t", json: #"{"active":false}"#, request: 1) == .inactive)
        clock.advance(by: .milliseconds(9999))
        #expect(try await client.introspect("t") == .inactive)
        clock.advance(by: .milliseconds(1))
        let json = #"{"active":true}"#
        #expect(try await ask(client, "t", json: json, request: 2) != .inactive)
    }

    @Test func `asks at every call by default`() async throws {
        let client = try client(.init())
        for number in 1...3 { _ = try await ask(client, "t", json: Self.active, request: number) }
        #expect(fetcher.requests.count == 3)
    }

    @Test func `shares one request among callers that ask about the same token`() async throws {
        let client = try client()
        let asking = (0..<20).map { _ in Task { try await client.introspect("t") } }
        await fetcher.arrived(1)
        let other = Task { try await client.introspect("u") }
        await fetcher.arrived(2)
        fetcher.answer(Self.response(Self.active))
        for task in asking { #expect(try await task.value != .inactive) }
        fetcher.answer(Self.response(#"{"active":false}"#))
        #expect(try await other.value == .inactive)
        #expect(fetcher.requests.count == 2)
    }

    @Test(arguments: [
        (200, ""), (200, "[]"), (200, "{}"), (200, #"{"active":"true"}"#), (200, #"{"active":1}"#),
        (200, #"{"active":true,"active":false}"#), (401, #"{"active":false}"#), (404, "{}"), (500, "{}"),
        (302, ""),
    ])
    func `reports an unusable answer as 503 and does not cache it`(status: Int, body: String) async throws {
        let client = try client()
        for number in 1...2 {
            let asking = Task { try await client.introspect("t") }
            await fetcher.arrived(number)
            fetcher.answer(Self.response(body, status: status))
            await #expect(throws: VerificationError(.introspectionUnavailable, "")) { try await asking.value }
        }
    }

    @Test(arguments: [#""1800000005""#, "null", "true", "[]", "{}"])
    func `refuses an answer whose exp is not a number`(exp: String) async throws {
        let client = try client()
        await #expect(throws: VerificationError(.introspectionUnavailable, "")) {
            try await ask(client, "t", json: #"{"active":true,"exp":\#(exp)}"#, request: 1)
        }
        // If `active` is false, the client must ignore all other members of the answer, such as `exp`.
        #expect(try await ask(client, "u", json: #"{"active":false,"exp":\#(exp)}"#, request: 2) == .inactive)
    }

    @Test(arguments: ["1800000000", "1799999999.5", "-1e300"])
    func `treats an active answer as inactive once its exp is reached`(exp: String) async throws {
        #expect(try await ask(client(), "t", json: #"{"active":true,"exp":\#(exp)}"#, request: 1) == .inactive)
    }

    @Test func `counts the age of an answer from the time of the request`()
        async throws
    {
        let client = try client()
        let asking = Task { try await client.introspect("t") }
        await fetcher.arrived(1)
        clock.advance(by: .seconds(4))
        fetcher.answer(Self.response(#"{"active":true}"#))
        #expect(try await asking.value != .inactive)
        clock.advance(by: .milliseconds(5999))
        #expect(try await client.introspect("t") != .inactive)
        clock.advance(by: .milliseconds(1))
        #expect(try await ask(client, "t", json: #"{"active":false}"#, request: 2) == .inactive)
    }

    @Test func `throws at once if too many requests are under way`()
        async throws
    {
        var configuration = IntrospectionConfiguration()
        configuration.maximumConcurrentRequests = 2
        let client = try client(configuration)
        let asking = ["a", "b"].map { token in Task { try await client.introspect(token) } }
        await fetcher.arrived(2)
        await #expect(throws: VerificationError(.introspectionUnavailable, "")) { try await client.introspect("c") }
        #expect(fetcher.requests.count == 2)
        for _ in 0..<2 { fetcher.answer(Self.response(#"{"active":false}"#)) }
        for task in asking { #expect(try await task.value == .inactive) }
        #expect(try await ask(client, "c", json: #"{"active":false}"#, request: 3) == .inactive)
    }

    @Test func `lets a cancelled caller stop waiting while the others get the answer`() async throws {
        let client = try client()
        let patient = Task { try await client.introspect("t") }
        await fetcher.arrived(1)
        let hasty = Task { try await client.introspect("t") }
        hasty.cancel()
        await #expect(throws: VerificationError(.introspectionUnavailable, "")) { try await hasty.value }
        fetcher.answer(Self.response(#"{"active":false}"#))
        #expect(try await patient.value == .inactive)
        #expect(fetcher.requests.count == 1)
    }

    @Test(arguments: ["", "a b", "a\n", "\u{E9}"])
    func `treats a string that cannot be a token as inactive without a request`(token: String) async throws {
        let client = try client()
        #expect(try await client.introspect(token) == .inactive)
        #expect(try await client.introspect(String(repeating: "a", count: 16_385)) == .inactive)
        #expect(fetcher.requests.isEmpty)
    }

    @Test func `throws tokenInactive for an inactive token if an active one is required`() async throws {
        let client = try client()
        _ = try await ask(client, "t", json: #"{"active":false}"#, request: 1)
        await #expect(throws: VerificationError(.tokenInactive, "")) { try await client.requireActive("t") }
    }

    @Test(arguments: [("Bearer", true), ("bearer", true), ("refresh_token", false)])
    func `accepts only access tokens as required tokens`(type: String, isAccessToken: Bool) async throws {
        let client = try client()
        let asking = Task { try await client.requireActive("token") }
        await fetcher.arrived(1)
        fetcher.answer(Self.response(#"{"active":true,"token_type":"\#(type)"}"#))
        let code: VerificationError.Code?
        do {
            _ = try await asking.value
            code = nil
        } catch {
            code = (error as? VerificationError)?.code
        }
        #expect(code == (isAccessToken ? nil : .tokenInactive))
    }

    @Test(arguments: ["https://issuer.test", "https://issuer.test/"])
    func `finds the endpoint of a Signet issuer`(issuer: String) throws {
        let client = try IntrospectionClient(issuer: issuer, clientID: "a", clientSecret: "b", fetcher: fetcher)
        #expect(client.sourceState.location == "https://issuer.test/oauth2/introspect")
        #expect(throws: ConfigurationError(.malformedURL, "")) {
            try IntrospectionClient(issuer: "\(issuer)?a=b", clientID: "a", clientSecret: "b", fetcher: fetcher)
        }
    }

    @Test func `refuses settings out of bounds`() throws {
        for (endpoint, id, secret, code) in [
            ("http://issuer.test/", "a", "b", ConfigurationError.Code.insecureURL), ("issuer", "a", "b", .malformedURL),
            ("https://issuer.test/", "", "b", .empty), ("https://issuer.test/", "a", "", .empty),
        ] {
            #expect(throws: ConfigurationError(code, "")) {
                try IntrospectionClient(endpoint: endpoint, clientID: id, clientSecret: secret, fetcher: fetcher)
            }
        }
        let long = String(repeating: "a", count: 1025)
        for (id, secret) in [(long, "b"), ("a", long)] {
            #expect(throws: ConfigurationError(.outOfRange, "")) {
                try IntrospectionClient(
                    endpoint: "https://issuer.test/", clientID: id, clientSecret: secret, fetcher: fetcher)
            }
        }
        let changes: [(inout IntrospectionConfiguration) -> Void] = [
            { $0.capacity = 0 }, { $0.capacity = 1_000_001 }, { $0.maximumAge = .seconds(-1) },
            { $0.maximumAge = .seconds(3601) }, { $0.maximumConcurrentRequests = 0 },
            { $0.maximumConcurrentRequests = 4097 }, { $0.timeout = .zero }, { $0.timeout = .seconds(61) },
            { $0.maximumAnswerBytes = 0 }, { $0.maximumAnswerBytes = 1_048_577 },
        ]
        for change in changes {
            var configuration = IntrospectionConfiguration()
            change(&configuration)
            #expect(throws: ConfigurationError(.outOfRange, "")) { try client(configuration) }
        }
    }
}
