import HTTPFetching
import SignetTesting
import Testing

@testable import SignetVerifier

/// The verifier must enforce the size and time limits of a request itself, because a service may supply a fetcher that
/// ignores the limits.
@Suite("The limits of a fetch", .timeLimit(.minutes(1)))
struct FetchLimitTests {
    /// A fetcher that does not answer before the caller cancels the request.
    private struct SilentFetcher: HTTPFetcher {
        func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
            try await Task.sleep(for: .seconds(3600))
            return HTTPFetchResponse(status: 500)
        }
    }

    private struct FixedFetcher: HTTPFetcher {
        let body: String

        func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
            HTTPFetchResponse(status: 200, body: Array(body.utf8))
        }
    }

    /// Returns a key source that accepts documents of at most `maximumDocumentBytes`. Its requests go to `fetcher` or,
    /// if `fetcher` is `nil`, to `issuer`.
    private static func keySource(
        _ issuer: TestIssuer, maximumDocumentBytes: Int, fetcher: (any HTTPFetcher)? = nil
    ) throws -> RemoteKeySource {
        var configuration = RemoteKeyConfiguration()
        configuration.maximumDocumentBytes = maximumDocumentBytes
        configuration.fetchTimeout = fetcher == nil ? .seconds(30) : .milliseconds(1)
        return try RemoteKeySource(
            issuer: issuer.issuer, fetcher: fetcher ?? issuer, configuration: configuration)
    }

    private static func statusVerifier(
        _ issuer: TestIssuer, fetcher: (any HTTPFetcher)? = nil
    ) throws -> Verifier {
        var configuration = StatusListConfiguration()
        configuration.maximumDocumentBytes = fetcher == nil ? 200 : 1 << 20
        configuration.fetchTimeout = fetcher == nil ? .seconds(30) : .milliseconds(1)
        let statuses = try StatusListSource(
            issuer: issuer.issuer, keys: issuer, fetcher: fetcher ?? issuer, configuration: configuration,
            now: { .now }, date: { Sample.now })
        return Verifier(policy: try issuer.policy(), keys: issuer, statuses: statuses, now: { Sample.now })
    }

    private static func client(_ fetcher: any HTTPFetcher, timeout: Duration) throws -> IntrospectionClient {
        var configuration = IntrospectionConfiguration()
        configuration.maximumAnswerBytes = 100
        configuration.timeout = timeout
        return try IntrospectionClient(
            endpoint: "https://issuer.test/introspect", clientID: "orders", clientSecret: "secret", fetcher: fetcher,
            configuration: configuration)
    }

    private func refusal(
        _ body: () async throws(VerificationError) -> Void
    ) async -> VerificationError? {
        do {
            try await body()
            return nil
        } catch {
            return error
        }
    }

    @Test func `metadata over the limit is refused`() async throws {
        let source = try Self.keySource(try Sample.issuer.get(), maximumDocumentBytes: 50)
        let error = await refusal { () async throws(VerificationError) in _ = try await source.keys(for: nil) }
        #expect(error?.code == .keysUnavailable)
        #expect(error?.detail.contains("at most 50 bytes in the answer") == true, "\(error?.detail ?? "accepted")")
    }

    @Test func `keys over the limit are refused`() async throws {
        let issuer = try TestIssuer(now: { Sample.now })
        #expect(issuer.jwks.count > 300)
        let source = try Self.keySource(issuer, maximumDocumentBytes: 300)
        let error = await refusal { () async throws(VerificationError) in _ = try await source.keys(for: nil) }
        #expect(error?.code == .keysUnavailable)
        #expect(error?.detail.contains("at most 300 bytes in the answer") == true, "\(error?.detail ?? "accepted")")
        #expect(issuer.requests.count == 2, "the metadata is within the limit")
    }

    @Test func `a status list over the limit is refused`() async throws {
        let issuer = try Sample.issuer.get()
        let verifier = try Self.statusVerifier(issuer)
        let token = try issuer.token(statusIndex: 1)
        let error = await refusal { () async throws(VerificationError) in _ = try await verifier.verify(token) }
        #expect(error?.code == .statusUnavailable)
        #expect(error?.detail.contains("at most 200 bytes in the answer") == true, "\(error?.detail ?? "accepted")")
    }

    @Test func `an introspection answer over the limit is refused`() async throws {
        let answer = #"{"active":true,"padding":""# + String(repeating: "x", count: 100) + #""}"#
        let client = try Self.client(FixedFetcher(body: answer), timeout: .seconds(30))
        let error = await refusal { () async throws(VerificationError) in _ = try await client.introspect("token") }
        #expect(error?.code == .introspectionUnavailable)
        #expect(error?.detail.contains("at most 100 bytes in the answer") == true, "\(error?.detail ?? "accepted")")
    }

    @Test func `keys that never arrive are refused after the timeout`() async throws {
        let source = try Self.keySource(
            try Sample.issuer.get(), maximumDocumentBytes: 262_144, fetcher: SilentFetcher())
        let error = await refusal { () async throws(VerificationError) in _ = try await source.keys(for: nil) }
        #expect(error?.code == .keysUnavailable)
    }

    @Test func `a status list that never arrives is refused after the timeout`() async throws {
        let issuer = try Sample.issuer.get()
        let verifier = try Self.statusVerifier(issuer, fetcher: SilentFetcher())
        let token = try issuer.token(statusIndex: 1)
        let error = await refusal { () async throws(VerificationError) in _ = try await verifier.verify(token) }
        #expect(error?.code == .statusUnavailable)
    }

    @Test func `an introspection answer that never arrives is refused after the timeout`() async throws {
        let client = try Self.client(SilentFetcher(), timeout: .milliseconds(1))
        let error = await refusal { () async throws(VerificationError) in _ = try await client.introspect("token") }
        #expect(error?.code == .introspectionUnavailable)
    }
}
