import HTTPFetching
import JOSE
import SignetTesting
import TestSupport
import Testing

@testable import SignetVerifier

@Suite("A remote key source", .timeLimit(.minutes(1)))
struct RemoteKeySourceTests {
    @Test func `finds an issuer's keys through its metadata when the first token arrives`() async throws {
        let issuer = try TestIssuer(issuer: "https://issuer.test/tenant", now: { Sample.now })
        let source = try RemoteKeySource(issuer: issuer.issuer, fetcher: issuer)
        let verifier = Verifier(policy: try issuer.policy(), keys: source, now: { Sample.now })
        #expect(issuer.requests.isEmpty)
        for _ in 0..<3 {
            let token = try await verifier.verify(issuer.token(subject: "ada"))
            #expect(token.subject == "ada")
        }
        #expect(
            issuer.requests.map(\.url) == [
                "https://issuer.test/.well-known/oauth-authorization-server/tenant",
                "https://issuer.test/tenant/.well-known/jwks.json",
            ])
    }

    @Test func `throws keysUnavailable if the issuer is unreachable`() async throws {
        let issuer = try Sample.foreignIssuer.get()
        let down = GatedFetcher()
        let source = try RemoteKeySource(jwksURL: issuer.jwksURL, fetcher: down)
        let verifier = Verifier(policy: try issuer.policy(), keys: source, now: { Sample.now })
        let token = try issuer.token()
        let verdict = Task { try await verifier.verify(token) }
        await down.arrived(1)
        down.answer(.failure(GatedFetcher.Refused()))
        await #expect(throws: VerificationError(.keysUnavailable, "")) { try await verdict.value }
    }

    @Test func `fetches the key that signed a token without kid, and refuses a forged token`()
        async throws
    {
        let issuer = try TestIssuer(now: { Sample.now })
        let clock = MonotonicClock()
        let source = try RemoteKeySource(
            location: .keys(url: issuer.jwksURL), fetcher: issuer, configuration: .init(), now: clock.now)
        let verifier = Verifier(policy: try issuer.policy(), keys: source, now: { Sample.now })
        func token() throws -> String {
            let payload = try issuer.token().split(separator: ".")[1]
            return try issuer.sign(
                header: ["alg": "RS256", "typ": "at+jwt"], payload: Base64URL.decode(payload.utf8) ?? [])
        }
        #expect(try await verifier.verify(token()).keyID == nil)
        let first = issuer.keyID
        try issuer.rotateKey()
        issuer.withdrawKey(first)
        clock.advance(by: .seconds(30))
        let rotated = try token()
        #expect(try await verifier.verify(rotated).subject == "user-1")
        #expect(issuer.requests.count == 2)
        let forged = String(rotated.dropLast(20)) + String(repeating: "A", count: 20)
        clock.advance(by: .seconds(30))
        for _ in 0..<3 {
            await #expect(throws: VerificationError(.badSignature, "")) { try await verifier.verify(forged) }
        }
        #expect(issuer.requests.count == 3)
    }

    @Test func `shares one fetch among concurrent callers`() async throws {
        let issuer = try Sample.issuer.get()
        let fetcher = GatedFetcher()
        let source = try RemoteKeySource(jwksURL: issuer.jwksURL, fetcher: fetcher)
        let verifier = Verifier(policy: try issuer.policy(), keys: source, now: { Sample.now })
        let token = try issuer.token()
        let verdicts = (0..<50).map { _ in Task { try await verifier.verify(token) } }
        await fetcher.arrived(1)
        fetcher.answer(.success(HTTPFetchResponse(status: 200, body: issuer.jwks)))
        for verdict in verdicts { #expect(try await verdict.value.subject == "user-1") }
        #expect(fetcher.requests.count == 1)
    }

    @Test func `lets a cancelled caller stop waiting while the others get the keys`() async throws {
        let issuer = try Sample.issuer.get()
        let fetcher = GatedFetcher()
        let source = try RemoteKeySource(jwksURL: issuer.jwksURL, fetcher: fetcher)
        let patient = Task { try await source.keys(for: nil) }
        let hasty = Task { try await source.keys(for: nil) }
        await fetcher.arrived(1)
        hasty.cancel()
        await #expect(throws: VerificationError(.keysUnavailable, "")) { try await hasty.value }
        fetcher.answer(.success(HTTPFetchResponse(status: 200, body: issuer.jwks)))
        #expect(try await patient.value.count == 1)
    }

    @Test func `stops waiting for a silent fetcher after the timeout`() async throws {
        let issuer = try Sample.issuer.get()
        let fetcher = GatedFetcher()
        let alarm = Alarm()
        let source = try RemoteKeySource(
            location: .keys(url: issuer.jwksURL), fetcher: fetcher, configuration: .init(), sleep: alarm.sleep)
        let waiting = Task { try await source.keys(for: nil) }
        await fetcher.arrived(1)
        await alarm.ring()
        await #expect(throws: VerificationError(.keysUnavailable, "")) { try await waiting.value }
        #expect(alarm.durations == [.seconds(5)])
        fetcher.answer(.success(HTTPFetchResponse(status: 200, body: issuer.jwks)))
    }

    @Test func `refuses a document over the limit`() async throws {
        let issuer = try Sample.issuer.get()
        let fetcher = GatedFetcher()
        let source = try RemoteKeySource(jwksURL: issuer.jwksURL, fetcher: fetcher)
        let waiting = Task { try await source.keys(for: nil) }
        await fetcher.arrived(1)
        #expect(fetcher.requests.first?.maximumBodyBytes == 262_144)
        let padding = [UInt8](repeating: 0x20, count: 262_145)
        fetcher.answer(.success(HTTPFetchResponse(status: 200, body: issuer.jwks + padding)))
        await #expect(throws: VerificationError(.keysUnavailable, "")) { try await waiting.value }
    }

    @Test func `refuses settings out of bounds`() throws {
        let issuer = try Sample.issuer.get()
        let changes: [(inout RemoteKeyConfiguration) -> Void] = [
            { $0.minimumLifetime = .zero }, { $0.maximumLifetime = .seconds(1) }, { $0.usualLifetime = .seconds(1) },
            { $0.maximumLifetime = .seconds(30 * 86_400 + 1) }, { $0.usualLifetime = .seconds(Int64.max) },
            { $0.refreshAhead = 0 }, { $0.refreshAhead = 1.1 }, { $0.refreshAhead = .nan },
            { $0.cooldown = .zero }, { $0.cooldown = .seconds(3601) }, { $0.firstRetry = .zero },
            { $0.firstRetry = .seconds(3601) }, { $0.fetchTimeout = .zero }, { $0.fetchTimeout = .seconds(61) },
            { $0.outageWindow = .seconds(-1) }, { $0.outageWindow = .seconds(30 * 86_400 + 1) },
            { $0.maximumDocumentBytes = 0 }, { $0.maximumDocumentBytes = 262_145 },
        ]
        for change in changes {
            var configuration = RemoteKeyConfiguration()
            change(&configuration)
            #expect(throws: ConfigurationError(.outOfRange, "")) {
                try RemoteKeySource(jwksURL: issuer.jwksURL, fetcher: issuer, configuration: configuration)
            }
        }
    }

    @Test func `requires an issuer without a query, and https except on this machine`() throws {
        let configuration = RemoteKeyConfiguration()
        #expect(throws: ConfigurationError(.malformedURL, "")) {
            try RemoteKeyLocation.issuer("https://a.test?x", configuration: configuration)
        }
        #expect(throws: ConfigurationError(.insecureURL, "")) {
            try RemoteKeyLocation.issuer("http://a.test", configuration: configuration)
        }
        #expect(throws: ConfigurationError(.insecureURL, "")) {
            try RemoteKeyLocation.keys("http://a.test/keys", configuration: configuration)
        }
    }
}
