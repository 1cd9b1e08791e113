import HTTPFetching
import SignetTesting
import Testing

@testable import SignetVerifier

@Suite("What an answer of the JWKS endpoint means")
struct RemoteKeyReadingTests {
    private let location = RemoteKeyLocation.keys(url: "https://a.test/keys")

    private func outcome(
        _ response: HTTPFetchResponse, entityTag: String? = nil, former: KeySet? = nil
    ) -> RemoteKeyMachine.Outcome {
        RemoteKeyMachine.Fetch(document: .keys(url: "https://a.test/keys", entityTag: entityTag), attempt: 1)
            .outcome(response, location: location, configuration: .init(), former: former)
    }

    private func isFailure(_ outcome: RemoteKeyMachine.Outcome) -> Bool {
        if case .failed = outcome { true } else { false }
    }

    @Test("a 200 with keys is taken, with its tag and its lifetime")
    func keys() throws {
        let body = try Sample.issuer.get().jwks
        let response = HTTPFetchResponse(
            status: 200,
            headers: [HTTPFetchField("ETag", "\"v1\""), HTTPFetchField("Cache-Control", "public, max-age=120")],
            body: body)
        guard case .keys(let keys, let entityTag, let lifetime) = outcome(response) else {
            Issue.record("expected keys")
            return
        }
        #expect(keys.count == 1)
        #expect(entityTag == "\"v1\"")
        #expect(lifetime == .seconds(120))
    }

    @Test("a key that is still published stays the object that it was")
    func reuse() throws {
        let issuer = try TestIssuer()
        let former = try KeySet(jwks: issuer.jwks)
        try issuer.rotateKey()
        guard case .keys(let keys, _, _) = outcome(HTTPFetchResponse(status: 200, body: issuer.jwks), former: former)
        else {
            Issue.record("expected keys")
            return
        }
        #expect(keys.count == 2)
        #expect(keys.keys[0] === former.keys[0])
    }

    @Test(
        "any other status is a failure, redirects above all",
        arguments: [201, 204, 206, 301, 302, 303, 307, 308, 400, 401, 404, 429, 500, 503])
    func status(status: Int) throws {
        let body = try Sample.issuer.get().jwks
        #expect(isFailure(outcome(HTTPFetchResponse(status: status, body: body), entityTag: "\"v1\"")))
    }

    @Test("a 304 counts only as the answer to a tag")
    func notModified() {
        guard case .notModified(.seconds(600)) = outcome(HTTPFetchResponse(status: 304), entityTag: "\"v1\"") else {
            Issue.record("expected not modified")
            return
        }
        #expect(isFailure(outcome(HTTPFetchResponse(status: 304))))
    }

    @Test(
        "garbage is a failure",
        arguments: ["", "<html></html>", "{", "[]", "{}", #"{"keys":null}"#, #"{"keys":{}}"#, #"{"keys":[],}"#])
    func garbage(body: String) {
        #expect(isFailure(outcome(HTTPFetchResponse(status: 200, body: Array(body.utf8)))))
    }

    @Test(
        "a set without a usable key withdraws them all",
        arguments: [
            #"{"keys":[]}"#, #"{"keys":[{"kty":"EC"}]}"#, #"{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}"#,
        ])
    func emptied(body: String) {
        guard case .withdrawn = outcome(HTTPFetchResponse(status: 200, body: Array(body.utf8))) else {
            Issue.record("expected all keys to be withdrawn")
            return
        }
        // Only what the issuer says as its document counts.
        #expect(isFailure(outcome(HTTPFetchResponse(status: 404, body: Array(body.utf8)))))
    }

    @Test("metadata that can be read and is not the issuer's contradicts; what cannot be read is a failure")
    func metadata() {
        func isContradiction(_ body: String) -> Bool {
            let fetch = RemoteKeyMachine.Fetch(document: .metadata(url: "https://a.test/m"), attempt: 1)
            let outcome = fetch.outcome(
                HTTPFetchResponse(status: 200, body: Array(body.utf8)),
                location: .issuer("https://a.test", metadataURL: "https://a.test/m"), configuration: .init(),
                former: nil)
            if case .contradicted = outcome { return true }
            #expect(isFailure(outcome))
            return false
        }
        #expect(isContradiction(#"{"issuer":"https://b.test","jwks_uri":"https://a.test/k"}"#))
        #expect(isContradiction(#"{"issuer":"https://a.test","jwks_uri":"http://a.test/k"}"#))
        #expect(isContradiction(#"{"issuer":"https://a.test"}"#))
        #expect(!isContradiction("<html></html>"))
        #expect(!isContradiction(#"{"issuer":"https://a.test","jwks_uri":"https://a.test/k",}"#))
    }

    @Test(
        "a tag that could not be sent back as it is is not kept", arguments: ["v1", "\"a\r\nx: y\"", "\"", "\"a\"b\""])
    func entityTag(tag: String) throws {
        let body = try Sample.issuer.get().jwks
        let response = HTTPFetchResponse(status: 200, headers: [HTTPFetchField("etag", tag)], body: body)
        guard case .keys(_, nil, _) = outcome(response) else {
            Issue.record("expected keys without a tag")
            return
        }
    }
}
