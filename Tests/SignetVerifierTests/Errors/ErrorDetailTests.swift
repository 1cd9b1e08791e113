import HTTPFetching
import JOSE
import SignetTesting
import TestSupport
import Testing

@testable import SignetVerifier

@Suite("The detail of an error", .timeLimit(.minutes(1)))
struct ErrorDetailTests {
    /// A fetcher that answers every request with the same status and body.
    private struct Always: HTTPFetcher {
        let status: Int
        var body = ""

        func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
            HTTPFetchResponse(status: status, body: Array(body.utf8))
        }
    }

    private func detail(
        of token: String, policy: VerificationPolicy? = nil, at date: NumericDate = Sample.now
    ) throws -> String? {
        #expect(throws: VerificationError.self) { try Sample.verify(token, policy: policy, at: date) }?.detail
    }

    private func policy(maximumAge: Duration? = nil, clientIDs: Set<String>? = nil) throws -> VerificationPolicy {
        let issuer = try Sample.issuer.get()
        return try VerificationPolicy(
            issuer: issuer.issuer, audiences: [issuer.audience, "orders"], requiredScopes: ["b", "a"],
            maximumAge: maximumAge, clientIDs: clientIDs)
    }

    @Test func `names what was expected and what was found`() throws {
        let issuer = try Sample.issuer.get()
        #expect(
            try detail(of: issuer.token(fault: .wrongIssuer))
                == #"iss: expected "https://issuer.test", found "https://somebody-else.test""#)
        #expect(
            try detail(of: issuer.token(claims: ["aud": ["x", "y\n"]]), policy: policy())
                == #"aud: expected one of "https://service.test", "orders", found "x", "y""#)
        #expect(
            try detail(of: issuer.token(scopes: ["a", "c"]), policy: policy())
                == #"scope: expected all of "a", "b", found "a c""#)
        #expect(
            try detail(of: issuer.token(scopes: ["a", "b"]), policy: policy(clientIDs: ["shop"]))
                == #"client_id: expected one of "shop", found "test-client""#)
        #expect(try detail(of: issuer.token(fault: .wrongType)) == #"typ: expected "at+jwt", found "JWT""#)
        #expect(try detail(of: issuer.token(fault: .algorithmConfusion)) == #"alg: expected RS256, found "HS256""#)
        #expect(
            try detail(of: issuer.token(fault: .unknownKey))
                == #"kid: expected one of "issuer.test-key-1", found "somebody-elses-key""#)
        #expect(
            try detail(of: issuer.token(fault: .badSignature))?.hasSuffix(#"kid names, "issuer.test-key-1""#) == true)
        #expect(try detail(of: issuer.token(fault: .oversized))?.contains("at most 16384 bytes, found ") == true)
    }

    @Test func `says by how many seconds a time is missed`() throws {
        let issuer = try Sample.issuer.get()
        let token = try issuer.token(scopes: ["a", "b"], lifetime: .seconds(60))
        #expect(
            try detail(of: token, at: Sample.now + .seconds(100)) == "exp: expired 40 s ago, and the leeway is 30 s")
        #expect(
            try detail(of: token, at: Sample.now - .seconds(100))?
                .hasPrefix("iat: 100 s in the future, and the leeway is 30 s") == true)
        #expect(
            try detail(of: issuer.token(fault: .notYetValid)) == "nbf: 3600 s in the future, and the leeway is 30 s")
        #expect(
            try detail(of: token, policy: policy(maximumAge: .seconds(10)), at: Sample.now + .seconds(50))
                == "iat: issued 50 s ago, expected at most 10 s")
        #expect(
            try detail(of: issuer.token(claims: ["exp": -1e300]))?.hasPrefix("exp: expired 9223372036854775807 s")
                == true)
    }

    @Test func `of a failed fetch names the URL, the status and the time of the next attempt`() async throws {
        let url = "https://issuer.test/keys"
        let source = try RemoteKeySource(jwksURL: url, fetcher: Always(status: 404))
        let error = await #expect(throws: VerificationError.self) { try await source.keys(for: nil) }
        #expect(
            error?.detail
                == "the issuer's keys are not available: JWKS \(url): expected status 200, found 404; "
                + "the next attempt may start in 1 s")
    }

    @Test func `of keys for other algorithms says that only RS256 is accepted`() async throws {
        let document = #"{"keys":[{"kty":"EC","crv":"P-256","alg":"ES256"},{"kty":"RSA","alg":"PS256"}]}"#
        let reason =
            "none of 2 keys is usable, because this verifier accepts RS256 only (kty: expected RSA, found \"EC\"; "
            + "alg: expected RS256 or nothing, found \"PS256\")"
        let source = try RemoteKeySource(
            jwksURL: "https://issuer.test/keys", fetcher: Always(status: 200, body: document))
        let error = await #expect(throws: VerificationError.self) { try await source.keys(for: nil) }
        #expect(error?.detail.contains(reason) == true, "\(error?.detail ?? "")")
        let fixed = #expect(throws: ConfigurationError.self) { try StaticKeySource(jwks: Array(document.utf8)) }
        #expect(fixed?.detail.contains(reason) == true)
        #expect(KeySet.reasonForNoKeys(in: Array(#"{"keys":[]}"#.utf8)) == "the document has no keys")
    }

    @Test func `of metadata of another issuer has both names`() async throws {
        let body = #"{"issuer":"https://issuer.test/","jwks_uri":"https://issuer.test/keys"}"#
        let source = try RemoteKeySource(issuer: "https://issuer.test", fetcher: Always(status: 200, body: body))
        let error = await #expect(throws: VerificationError.self) { try await source.keys(for: nil) }
        #expect(
            error?.detail.contains(#"issuer: expected "https://issuer.test", found "https://issuer.test/""#) == true)
        #expect(error?.detail.contains("https://issuer.test/.well-known/oauth-authorization-server") == true)
    }

    @Test func `of an unknown key says when the keys were fetched and when the next fetch may start`() async throws {
        let issuer = try TestIssuer(now: { Sample.now })
        let clock = MonotonicClock()
        let keys = try RemoteKeySource(jwksURL: issuer.jwksURL, fetcher: issuer, now: clock.now)
        let verifier = Verifier(policy: try issuer.policy(), keys: keys, now: { Sample.now })
        _ = try await verifier.verify(issuer.token())
        clock.advance(by: .seconds(12))
        let error = await #expect(throws: VerificationError.self) {
            try await verifier.verify(issuer.token(fault: .unknownKey))
        }
        #expect(
            error?.detail.hasSuffix(
                "the keys of \(issuer.jwksURL) are 12 s old; an unknown kid may start the next fetch in 18 s") == true,
            "\(error?.detail ?? "")")
    }

    @Test func `of a key file has its path`() throws {
        let error = #expect(throws: ConfigurationError.self) { try FileKeySource(path: "/nowhere/jwks.json") }
        #expect(error?.detail.contains("/nowhere/jwks.json") == true)
    }

    @Test func `of a status list has its URL`() async throws {
        let issuer = try TestIssuer(now: { Sample.now })
        let verifier = Verifier(
            policy: try issuer.policy(), keys: issuer,
            statuses: try StatusListSource(
                issuer: issuer.issuer, keys: issuer, fetcher: Always(status: 500), date: { Sample.now }),
            now: { Sample.now })
        let error = await #expect(throws: VerificationError.self) {
            try await verifier.verify(issuer.token(subject: "ada", statusIndex: 3))
        }
        #expect(error?.detail.contains("status list \(issuer.statusListURL): expected status 200, found 500") == true)
        #expect(error?.token?.subject == "ada")
        let known = Verifier(
            policy: try issuer.policy(), keys: issuer, statuses: try issuer.statuses(), now: { Sample.now })
        issuer.revoke(statusIndex: 3)
        let revoked = await #expect(throws: VerificationError.self) {
            try await known.verify(issuer.token(statusIndex: 3))
        }
        #expect(revoked?.detail == "status: entry 3 of \(issuer.statusListURL) is set")
    }

    @Test func `of a status list that is not signed by the issuer begins like every other one of a status list`()
        async throws
    {
        let issuer = try TestIssuer(now: { Sample.now })
        let stranger = try Sample.foreignIssuer.get()
        let statuses = try StatusListSource(
            issuer: issuer.issuer, keys: stranger, fetcher: issuer, date: { Sample.now })
        let verifier = Verifier(
            policy: try issuer.policy(), keys: issuer, statuses: statuses, now: { Sample.now })
        let error = await #expect(throws: VerificationError.self) {
            try await verifier.verify(issuer.token(statusIndex: 3))
        }
        let url = issuer.statusListURL
        #expect(error?.detail.contains("status list \(url): signature: expected a signature by a key") == true)
        #expect(error?.detail.contains("\(url): status list") == false, "\(error?.detail ?? "")")
    }

    @Test func `of introspection has the endpoint and the status`() async throws {
        let endpoint = "https://issuer.test/oauth2/introspect"
        let client = try IntrospectionClient(
            endpoint: endpoint, clientID: "a", clientSecret: "b", fetcher: Always(status: 401))
        let error = await #expect(throws: VerificationError.self) { try await client.introspect("t") }
        #expect(error?.detail.contains("introspection \(endpoint): the endpoint refuses this client") == true)
    }
}
