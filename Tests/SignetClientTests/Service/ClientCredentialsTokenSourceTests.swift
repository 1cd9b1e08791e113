import HTTPFetching
import TestSupport
import Testing

@testable import SignetClient

@Suite("A service's tokens", .timeLimit(.minutes(1)))
struct ClientCredentialsTokenSourceTests {
    private let clock = SleepingClock()

    private func source(_ issuer: ScriptedIssuer, scopes: Set<String> = []) throws -> ClientCredentialsTokenSource {
        try ClientCredentialsTokenSource(
            issuer: "https://id.example.com", clientID: "orders:1", clientSecret: "s e", scopes: scopes,
            fetcher: issuer, configuration: .init(timeout: .seconds(60)), environment: clock.environment)
    }

    @Test func `are requested once, with form-encoded id and secret in Basic authentication`() async throws {
        let issuer = ScriptedIssuer([.bearer(1)])
        let source = try source(issuer, scopes: ["orders:read", "a&b"])
        #expect(try await source.accessToken() == "access-1")
        #expect(try await source.accessToken() == "access-1")
        #expect(issuer.requests.map(\.url) == ["https://id.example.com/oauth2/token"])
        #expect(issuer.bodies == ["grant_type=client_credentials&scope=a%26b+orders%3Aread"])
        #expect(
            issuer.requests[0].headers.contains(HTTPFetchField("authorization", "Basic b3JkZXJzJTNBMTpzK2U=")))
    }

    @Test func `are requested with one audience parameter per service`() async throws {
        let issuer = ScriptedIssuer([.bearer(1)])
        let source = try ClientCredentialsTokenSource(
            issuer: "https://id.example.com", clientID: "orders:1", clientSecret: "s e",
            audiences: ["https://billing.example.com", "stock"], fetcher: issuer)
        #expect(try await source.accessToken() == "access-1")
        #expect(
            issuer.bodies == [
                "grant_type=client_credentials&audience=https%3A%2F%2Fbilling.example.com&audience=stock"
            ])
    }

    @Test func `are renewed early while the current one is in use`() async throws {
        let issuer = ScriptedIssuer([.bearer(1), .bearer(2)])
        let source = try source(issuer)
        #expect(try await source.accessToken() == "access-1")
        clock.advance(by: .seconds(719))
        #expect(try await source.accessToken() == "access-1")
        #expect(issuer.requests.count == 1)
        clock.advance(by: .seconds(1))
        #expect(try await source.accessToken() == "access-1")
        try await wait { try await source.accessToken() == "access-1" }
        #expect(issuer.requests.count == 2)
    }

    @Test func `survive a short outage, with a request every ten seconds`() async throws {
        let issuer = ScriptedIssuer([.bearer(1), .refusal(400, code: "invalid_scope")])
        let source = try source(issuer)
        #expect(try await source.accessToken() == "access-1")
        clock.advance(by: .seconds(800))
        for count in [2, 2, 2] {
            #expect(try await source.accessToken() == "access-1")
            try await wait { await source.isRequesting }
            #expect(issuer.requests.count == count)
        }
        clock.advance(by: .seconds(10))
        #expect(try await source.accessToken() == "access-1")
        try await wait { await source.isRequesting }
        #expect(issuer.requests.count == 3)
        clock.advance(by: .seconds(60))
        #expect(try await source.accessToken() == "access-1")
        clock.advance(by: .seconds(30))
        await #expect(throws: ClientError(.notPermitted, "")) { try await source.accessToken() }
    }

    @Test func `are not requested again by every caller after a failure`() async throws {
        let issuer = ScriptedIssuer([.refusal(401, code: "invalid_client"), .bearer(1)])
        let source = try source(issuer)
        for left in [nil, 10, 10] {
            let error = await #expect(throws: ClientError.self) { try await source.accessToken() }
            #expect(error?.code == .invalidClient && error?.retryAfter == left)
        }
        #expect(issuer.requests.count == 1)
        clock.advance(by: .seconds(10))
        #expect(try await source.accessToken() == "access-1")
    }

    @Test func `are not handed out after their expiry`() async throws {
        let issuer = ScriptedIssuer([.bearer(1), .bearer(2)])
        let source = try source(issuer)
        #expect(try await source.accessToken() == "access-1")
        clock.advance(by: .seconds(870))
        #expect(try await source.accessToken() == "access-2")
    }

    @Test func `are replaced after a service refused them`() async throws {
        let issuer = ScriptedIssuer([.bearer(1), .bearer(2)])
        let source = try source(issuer)
        #expect(try await source.accessToken() == "access-1")
        #expect(try await source.accessToken(insteadOf: "access-1") == "access-2")
        #expect(try await source.accessToken(insteadOf: "access-1") == "access-2")
        #expect(issuer.requests.count == 2)
    }

    @Test func `expire even if the wall clock is set back`() async throws {
        let source = try source(ScriptedIssuer([.bearer(1), .bearer(2)]))
        #expect(try await source.accessToken() == "access-1")
        clock.advance(by: .seconds(870))
        clock.setBack(by: .seconds(870))
        #expect(try await source.accessToken() == "access-2")
    }

    @Test func `are not awaited by a cancelled caller, while the request continues for the others`() async throws {
        let gate = Gate()
        let issuer = ScriptedIssuer([.bearer(1)], gate: gate)
        let source = try source(issuer)
        let hasty = Task { try await source.accessToken() }
        try await wait { gate.count == 0 }
        let patient = Task { try await source.accessToken() }
        hasty.cancel()
        await #expect(throws: ClientError(.cancelled, "")) { try await hasty.value }
        gate.open()
        #expect(try await patient.value == "access-1")
        #expect(issuer.requests.count == 1)
    }

    @Test func `fail with the issuer's reason`() async throws {
        let expected: [(ScriptedIssuer.Step, ClientError.Code)] = [
            (.answer(status: 401, body: #"{"error":"invalid_client"}"#), .invalidClient),
            (.answer(status: 400, body: #"{"error":"invalid_scope"}"#), .notPermitted),
            (.answer(status: 400, body: #"{"error":"unauthorized_client"}"#), .notPermitted),
            (
                .answer(status: 200, body: #"{"access_token":"t","token_type":"DPoP","expires_in":9}"#),
                .unexpectedAnswer
            ),
            (.answer(status: 200, body: #"{"access_token":"t","token_type":"Bearer"}"#), .unexpectedAnswer),
            (.lost, .unavailable),
        ]
        for (step, code) in expected {
            let source = try source(ScriptedIssuer([step]))
            await #expect(throws: ClientError(code, "")) { try await source.accessToken() }
        }
    }
}
