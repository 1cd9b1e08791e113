import JOSE
import SignetKeyring
import SignetStore
import SignetVerifier
import StatusList
import Synchronization
import Testing

@testable import SignetIssuer

/// An issuer and a verifier in one process with one clock. The verifier fetches the issuer's status lists. The harness
/// counts the verifier's requests.
final class StatusHarness: HTTPFetcher {
    let test: IssuerFixture
    private let count = Atomic<Int>(0)

    init(configuration: IssuerConfiguration = .make()) throws {
        test = try IssuerFixture.make(configuration: configuration)
    }

    /// The number of requests that the verifier sent.
    var requestCount: Int { count.load(ordering: .relaxed) }

    /// Returns a verifier that fetches a status list again only after its cached copy has expired, never earlier in the
    /// background.
    func verifier() throws -> Verifier {
        var configuration = StatusListConfiguration()
        configuration.refreshAhead = 1
        let keys = try StaticKeySource(jwks: test.issuer.publishedKeys.body)
        let (clock, start) = (test.clock, ContinuousClock.now)
        let statuses = try StatusListSource(
            issuer: "https://id.example.com", keys: keys, fetcher: self, configuration: configuration,
            now: { start + clock.now.since(WallClock.start) }, date: { NumericDate(clock.now.seconds) })
        return Verifier(
            policy: try VerificationPolicy(issuer: "https://id.example.com", audiences: ["https://api.example.com"]),
            keys: keys, statuses: statuses, now: { NumericDate(clock.now.seconds) })
    }

    /// Answers the verifier's request as the server's status list endpoint would.
    func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
        count.wrappingAdd(1, ordering: .relaxed)
        let prefix = "https://id.example.com/.well-known/status-lists/"
        guard request.url.hasPrefix(prefix), let number = Int(request.url.dropFirst(prefix.count)),
            let list = try await test.issuer.statusList(number)
        else { return HTTPFetchResponse(status: 404) }
        let headers = [
            HTTPFetchField("etag", list.entityTag), HTTPFetchField("cache-control", "public, max-age=\(list.maxAge)"),
        ]
        let isKnown = request.headers.contains { $0.name == "if-none-match" && $0.value == list.entityTag }
        return HTTPFetchResponse(status: isKnown ? 304 : 200, headers: headers, body: isKnown ? [] : list.body)
    }

    /// Returns the claims of the status list token that the issuer serves for the list `number`.
    func claims(of number: Int = 0) async throws -> JSONObject {
        let list = try #require(try await test.issuer.statusList(number))
        let payload = try #require(String(decoding: list.body, as: UTF8.self).split(separator: ".").dropFirst().first)
        return try JSONObject(parsing: try #require(Base64URL.decode(payload.utf8)))
    }

    /// Whether the session's entry in the status list says "revoked". First advances the clock by 15 seconds, so that
    /// the issuer builds a new list.
    func isSet(_ tokens: IssuedTokens) async throws -> Bool {
        test.clock.advance(by: .seconds(15))
        let reference = try #require(try test.claims(of: tokens.accessToken)["status"]?.object?["status_list"]?.object)
        let claims = try await claims()
        #expect(claims["sub"] == reference["uri"])
        let text = try #require(claims["status_list"]?.object?["lst"]?.string)
        let list = try StatusList(inflating: try #require(Base64URL.decode(text.utf8)))
        return list[Int(try #require(reference["idx"]?.integer))]
    }
}
