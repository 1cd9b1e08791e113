import HTTPFetching
import JOSE
import SignetTesting
import Synchronization
import TestSupport
import Testing

@testable import SignetVerifier

@Suite("A status list source", .timeLimit(.minutes(1)))
struct StatusListSourceTests {
    private static func code(
        _ token: String, _ verifier: Verifier
    ) async -> VerificationError.Code? {
        do {
            _ = try await verifier.verify(token)
            return nil
        } catch {
            return error.code
        }
    }

    /// Returns a verifier that gets status lists from `fetcher` and whose clocks stand still.
    private static func verifier(
        _ issuer: TestIssuer, fetcher: (any HTTPFetcher)? = nil,
        _ change: (inout StatusListConfiguration) -> Void = { _ in }
    ) throws -> Verifier {
        var configuration = StatusListConfiguration()
        change(&configuration)
        let start = ContinuousClock.now
        let statuses = try StatusListSource(
            issuer: issuer.issuer, keys: issuer, fetcher: fetcher ?? issuer, configuration: configuration,
            now: { start }, date: { Sample.now })
        return Verifier(policy: try issuer.policy(), keys: issuer, statuses: statuses, now: { Sample.now })
    }

    @Test func `refuses a revoked token and accepts others, with one request for all`() async throws {
        let issuer = try TestIssuer(now: { Sample.now })
        issuer.revoke(statusIndex: 7)
        let verifier = try Self.verifier(issuer)
        let revoked = try issuer.token(statusIndex: 7)
        for _ in 0..<50 {
            #expect(await Self.code(revoked, verifier) == .revoked)
            #expect(await Self.code(try issuer.token(statusIndex: 8), verifier) == nil)
        }
        #expect(issuer.requests.count == 1)
        let error = await #expect(throws: VerificationError.self) { try await verifier.verify(revoked) }
        #expect(error?.challenge.status == 401)
        #expect(error?.challenge.error == "invalid_token")
        #expect(error?.challenge.errorDescription == "The access token has been revoked.")
    }

    @Test func `sees a revocation by a test issuer at once`() async throws {
        let issuer = try TestIssuer()
        let verifier = Verifier(policy: try issuer.policy(), keys: issuer, statuses: try issuer.statuses())
        let token = try issuer.token(statusIndex: 65_535)
        #expect(await Self.code(token, verifier) == nil)
        issuer.revoke(statusIndex: 65_535)
        #expect(await Self.code(token, verifier) == .revoked)
    }

    @Test func `accepts a token without a status unless the settings require one`() async throws {
        let issuer = try Sample.issuer.get()
        let others: JSONObject = ["status": .object(["something_else": .object([:])])]
        for token in [try issuer.token(), try issuer.token(claims: others)] {
            #expect(await Self.code(token, try Self.verifier(issuer)) == nil)
            let strict = try Self.verifier(issuer) { $0.acceptsTokensWithoutStatus = false }
            #expect(await Self.code(token, strict) == .missingClaim)
        }
    }

    @Test(arguments: [
        "1", "{\"status_list\":1}", "{\"status_list\":{}}", "{\"status_list\":{\"idx\":1}}",
        "{\"status_list\":{\"idx\":-1,\"uri\":\"https://issuer.test/status-lists/0\"}}",
        "{\"status_list\":{\"idx\":\"1\",\"uri\":\"https://issuer.test/status-lists/0\"}}",
        "{\"status_list\":{\"idx\":1.5,\"uri\":\"https://issuer.test/status-lists/0\"}}",
        "{\"status_list\":{\"idx\":65536,\"uri\":\"https://issuer.test/status-lists/0\"}}",
        "{\"status_list\":{\"idx\":1,\"uri\":7}}", "{\"status_list\":{\"idx\":1,\"uri\":\"no url\"}}", "null",
    ])
    func `refuses a token with a malformed status, but only if the verifier has a status list source`(status: String)
        async throws
    {
        let issuer = try TestIssuer(now: { Sample.now })
        let token = try issuer.token(claims: ["status": try JSONValue(parsing: Array(status.utf8))])
        #expect(await Self.code(token, try Self.verifier(issuer)) == .malformedClaims)
        #expect(await Self.code(token, Verifier(policy: try issuer.policy(), keys: issuer, now: { Sample.now })) == nil)
    }

    @Test(arguments: [
        "https://elsewhere.test/status-lists/0", "http://issuer.test/status-lists/0",
        "https://issuer.test:444/status-lists/0", "https://issuer.test.elsewhere.test/0",
        "https://issuer.test@elsewhere.test/0", "https://elsewhere.test/#issuer.test",
        "http://169.254.169.254/latest/meta-data", "file:///etc/passwd",
    ])
    func `fetches lists only from the issuer's scheme, host and port`(uri: String) async throws {
        let issuer = try TestIssuer(now: { Sample.now })
        let token = try issuer.token(
            claims: ["status": .object(["status_list": .object(["idx": 1, "uri": .string(uri)])])])
        #expect(await Self.code(token, try Self.verifier(issuer)) == .malformedClaims)
        #expect(issuer.requests.isEmpty)
    }

    @Test func `answers 503 while the list is not available, or accepts the token if the settings say so`() async throws
    {
        let issuer = try TestIssuer(now: { Sample.now })
        let token = try issuer.token(statusIndex: 1)
        struct Down: HTTPFetcher, Error {
            func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse { throw self }
        }
        let strict = try Self.verifier(issuer, fetcher: Down())
        let error = await #expect(throws: VerificationError.self) { try await strict.verify(token) }
        #expect(error?.code == .statusUnavailable)
        #expect(error?.challenge.status == 503)
        #expect(error?.challenge.retryAfter == 1)
        let lenient = try Self.verifier(issuer, fetcher: Down()) { $0.acceptsWhenUnavailable = true }
        #expect(await Self.code(token, lenient) == nil)
        issuer.revoke(statusIndex: 1)
        let reached = try Self.verifier(issuer) { $0.acceptsWhenUnavailable = true }
        #expect(await Self.code(token, reached) == .revoked)
    }

    @Test(arguments: [301, 302, 304, 404, 500])
    func `treats every status other than 200 as an outage`(status: Int) async throws {
        let issuer = try TestIssuer(now: { Sample.now })
        let fetcher = GatedFetcher()
        let verifier = try Self.verifier(issuer, fetcher: fetcher)
        let token = try issuer.token(statusIndex: 1)
        async let code = Self.code(token, verifier)
        await fetcher.arrived(1)
        fetcher.answer(.success(HTTPFetchResponse(status: status)))
        #expect(await code == .statusUnavailable)
        #expect(fetcher.requests.first?.maximumBodyBytes == 1 << 20)
        #expect(fetcher.requests.first?.timeout == .seconds(3))
    }

    @Test func `shares one request among concurrent callers`() async throws {
        let issuer = try TestIssuer(now: { Sample.now })
        let fetcher = GatedFetcher()
        let verifier = try Self.verifier(issuer, fetcher: fetcher)
        let token = try issuer.token(statusIndex: 1)
        let codes = try await withThrowingTaskGroup(of: VerificationError.Code?.self) { group in
            for _ in 0..<40 { group.addTask { await Self.code(token, verifier) } }
            await fetcher.arrived(1)
            let request = try #require(fetcher.requests.first)
            fetcher.answer(.success(try await issuer.fetch(request)))
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(codes.count == 40 && codes.allSatisfy { $0 == nil })
        #expect(fetcher.requests.count == 1)
    }

    @Test func `keeps a limited number of lists and evicts the least recently used`() async throws {
        let issuer = try TestIssuer(now: { Sample.now })
        struct NotFound: HTTPFetcher {
            func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse { .init(status: 404) }
        }
        let verifier = try Self.verifier(issuer, fetcher: NotFound()) { $0.maximumLists = 2 }
        for number in 0..<5 {
            let status: JSONObject = ["idx": 1, "uri": .string("https://issuer.test/list-\(number)")]
            let token = try issuer.token(claims: ["status": .object(["status_list": .object(status)])])
            #expect(await Self.code(token, verifier) == .statusUnavailable)
        }
    }

    @Test(
        arguments: [
            { $0.minimumLifetime = .zero }, { $0.usualLifetime = .seconds(61) }, { $0.refreshAhead = 0 },
            { $0.refreshAhead = 1.1 }, { $0.cooldown = .zero }, { $0.outageWindow = .seconds(-1) },
            { $0.maximumDocumentBytes = 2 << 20 }, { $0.maximumEntries = 7 }, { $0.maximumLists = 0 },
        ] as [@Sendable (inout StatusListConfiguration) -> Void])
    func `refuses settings out of bounds`(change: @Sendable (inout StatusListConfiguration) -> Void) throws {
        var configuration = StatusListConfiguration()
        change(&configuration)
        let issuer = try Sample.issuer.get()
        #expect(throws: ConfigurationError(.outOfRange, "")) {
            try StatusListSource(issuer: issuer.issuer, keys: issuer, fetcher: issuer, configuration: configuration)
        }
        #expect(throws: ConfigurationError(.insecureURL, "")) {
            try StatusListSource(issuer: "http://issuer.test", keys: issuer, fetcher: issuer)
        }
    }

    @Test func `names the outage window if that is out of bounds`() throws {
        let issuer = try Sample.issuer.get()
        let error = #expect(throws: ConfigurationError.self) {
            try StatusListSource(
                issuer: issuer.issuer, keys: issuer, fetcher: issuer,
                configuration: StatusListConfiguration(outageWindow: .seconds(-1)))
        }
        #expect(error?.detail == "outageWindow must be zero or more, found -1.0 seconds")
    }
}
