import HTTPFetching
import JOSE
import SignetTesting
import Testing

@testable import SignetVerifier

@Suite("A verifier configured with its issuer", .timeLimit(.minutes(1)))
struct RemoteVerifierTests {
    /// Simulates an HTTP server: `documents` maps each URL to the body of its answer. Any other URL gets a 404.
    private struct Documents: HTTPFetcher {
        let documents: [String: [UInt8]]

        func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
            documents[request.url].map { HTTPFetchResponse(status: 200, body: $0) } ?? HTTPFetchResponse(status: 404)
        }
    }

    private static let shared = Result { try TestIssuer() }

    @Test func `fetches keys and checks scopes, and status lists on request`() async throws {
        let issuer = try Self.shared.get()
        let plain = try Verifier(issuer: issuer.issuer, audiences: [issuer.audience], fetcher: issuer)
        let careful = try Verifier(
            issuer: issuer.issuer, audiences: [issuer.audience], fetcher: issuer, requiredScopes: ["a"],
            checksStatusLists: true)
        let token = try issuer.token(scopes: ["a"], statusIndex: 1)
        issuer.revoke(statusIndex: 1)
        #expect(try await plain.verify(token).subject == "user-1")
        await #expect(throws: VerificationError(.revoked, "")) { try await careful.verify(token) }
        await #expect(throws: VerificationError(.insufficientScope, "")) { try await careful.verify(issuer.token()) }
        #expect(plain.policy.issuer == issuer.issuer && plain.policy.audiences == [issuer.audience])
        #expect(careful.sourceStates.map(\.kind) == [.keys, .statusList])
    }

    @Test func `refuses settings that cannot be meant`() throws {
        let issuer = try Sample.issuer.get()
        for (name, audiences, code) in [
            ("", ["a"], .empty), ("https://issuer.test", [], .noAudience), ("issuer.test", ["a"], .malformedURL),
            ("http://issuer.test", ["a"], .insecureURL),
        ] as [(String, Set<String>, ConfigurationError.Code)] {
            #expect(throws: ConfigurationError(code, "")) {
                try Verifier(issuer: name, audiences: audiences, fetcher: issuer)
            }
        }
        let any = try VerificationPolicy(anyIssuerOr: nil, audiences: ["a"])
        #expect(throws: ConfigurationError(.empty, "")) { try Verifier(policy: any, fetcher: issuer) }
    }

    @Test func `warms up once, and then verifies without another fetch`() async throws {
        let issuer = try TestIssuer()
        let verifier = try Verifier(issuer: issuer.issuer, audiences: [issuer.audience], fetcher: issuer)
        for _ in 0..<3 { try await verifier.warmUp() }
        _ = try await verifier.verify(issuer.token())
        #expect(issuer.requests.count == 2)
    }

    @Test func `a warm-up fails with both names if another issuer answers, and tokens then get 503`() async throws {
        let issuer = try Self.shared.get()
        let verifier = try Verifier(issuer: issuer.issuer + "/", audiences: [issuer.audience], fetcher: issuer)
        let error = await #expect(throws: VerificationError.self) { try await verifier.warmUp() }
        #expect(error?.code == .issuerMismatch)
        #expect(error?.detail.contains(#"expected "https://issuer.test/", found "https://issuer.test""#) == true)
        let refusal = await #expect(throws: VerificationError.self) { try await verifier.verify(issuer.token()) }
        #expect(refusal?.code == .issuerMismatch && refusal?.challenge.status == 503)
        #expect(verifier.sourceStates.first?.lastFailure?.isContradiction == true)
    }

    @Test func `a warm-up fails if the issuer is away`() async throws {
        let issuer = try TestIssuer()
        issuer.goDown()
        let verifier = try Verifier(issuer: issuer.issuer, audiences: [issuer.audience], fetcher: issuer)
        await #expect(throws: VerificationError(.keysUnavailable, "")) { try await verifier.warmUp() }
        await #expect(throws: VerificationError(.keysUnavailable, "")) {
            try await Verifier(policy: issuer.policy(), keys: StaticKeySource(.empty)).warmUp()
        }
    }

    @Test(arguments: ["https://openid.test", "https://openid.test/realms/shop"])
    func `finds the keys of an issuer that has only OpenID metadata`(name: String) async throws {
        let issuer = try Self.shared.get()
        let metadata: JSONObject = ["issuer": .string(name), "jwks_uri": .string(issuer.jwksURL)]
        let documents = Documents(documents: [
            "\(name)/.well-known/openid-configuration": metadata.serialized(), issuer.jwksURL: issuer.jwks,
        ])
        let token = try issuer.token(claims: ["iss": .string(name)])
        let verifier = try Verifier(issuer: name, audiences: [issuer.audience], fetcher: documents)
        #expect(try await verifier.verify(token).issuer == name)
    }

    @Test func `names both places if there is no metadata at either`() async throws {
        let verifier = try Verifier(
            issuer: "https://issuer.test", audiences: ["a"], fetcher: Documents(documents: [:]))
        let error = await #expect(throws: VerificationError.self) { try await verifier.warmUp() }
        for name in ["oauth-authorization-server", "openid-configuration"] {
            let text = "metadata https://issuer.test/.well-known/\(name): expected status 200, found 404"
            #expect(error?.detail.contains(text) == true)
        }
    }
}
