import HTTPFetching
import SignetTesting
import Testing

@testable import SignetVerifier

@Suite("The result of a fetch")
struct RemoteKeyReadingTests {
    private let location = RemoteKeyLocation.keys(url: "https://a.test/keys")

    private func result(
        _ response: HTTPFetchResponse, entityTag: String? = nil, former: KeySet? = nil
    ) -> RemoteKeyMachine.FetchResult {
        RemoteKeyMachine.Fetch(document: .keys(url: "https://a.test/keys", entityTag: entityTag), attempt: 1)
            .result(response, location: location, configuration: .init(), former: former)
    }

    private func isFailure(_ result: RemoteKeyMachine.FetchResult) -> Bool {
        switch result {
        case .failed, .noMetadata: true
        default: false
        }
    }

    @Test func `is keys with entity tag and lifetime for a 200`() throws {
        let body = try Sample.issuer.get().jwks
        let response = HTTPFetchResponse(
            status: 200,
            headers: [HTTPFetchField("ETag", "\"v1\""), HTTPFetchField("Cache-Control", "public, max-age=120")],
            body: body)
        guard case .keys(let keys, let entityTag, let lifetime) = result(response) else {
            Issue.record("expected keys")
            return
        }
        #expect(keys.count == 1)
        #expect(entityTag == "\"v1\"")
        #expect(lifetime == .seconds(120))
    }

    @Test func `keeps the object of a key that is still published`() throws {
        let issuer = try TestIssuer()
        let former = try KeySet(jwks: issuer.jwks)
        try issuer.rotateKey()
        guard case .keys(let keys, _, _) = result(HTTPFetchResponse(status: 200, body: issuer.jwks), former: former)
        else {
            Issue.record("expected keys")
            return
        }
        try #require(keys.count == 2 && former.count == 1)
        #expect(keys.keys[0] === former.keys[0])
    }

    @Test(arguments: [201, 204, 206, 301, 302, 303, 307, 308, 400, 401, 404, 429, 500, 503])
    func `is a failure for any other status, including redirects`(status: Int) throws {
        let body = try Sample.issuer.get().jwks
        #expect(isFailure(result(HTTPFetchResponse(status: status, body: body), entityTag: "\"v1\"")))
    }

    @Test func `is not modified for a 304, but only if the request had an entity tag`() {
        guard case .notModified(.seconds(600)) = result(HTTPFetchResponse(status: 304), entityTag: "\"v1\"") else {
            Issue.record("expected not modified")
            return
        }
        #expect(isFailure(result(HTTPFetchResponse(status: 304))))
    }

    @Test(arguments: ["", "<html></html>", "{", "[]", "{}", #"{"keys":null}"#, #"{"keys":{}}"#, #"{"keys":[],}"#])
    func `is a failure for an unreadable document`(body: String) {
        #expect(isFailure(result(HTTPFetchResponse(status: 200, body: Array(body.utf8)))))
    }

    @Test(arguments: [
        #"{"keys":[]}"#, #"{"keys":[{"kty":"EC"}]}"#, #"{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}"#,
    ])
    func `is a withdrawal for a key set without a usable key`(body: String) {
        guard case .withdrawn = result(HTTPFetchResponse(status: 200, body: Array(body.utf8))) else {
            Issue.record("expected all keys to be withdrawn")
            return
        }
        // Only a response with status 200 can withdraw keys.
        #expect(isFailure(result(HTTPFetchResponse(status: 404, body: Array(body.utf8)))))
    }

    @Test func `is a contradiction for readable metadata of another issuer, and a failure for unreadable metadata`() {
        func isContradiction(_ body: String) -> Bool {
            let fetch = RemoteKeyMachine.Fetch(document: .metadata(url: "https://a.test/m"), attempt: 1)
            let result = fetch.result(
                HTTPFetchResponse(status: 200, body: Array(body.utf8)),
                location: .issuer(
                    "https://a.test", metadataURL: "https://a.test/m",
                    alternativeURL: "https://a.test/.well-known/openid-configuration"), configuration: .init(),
                former: nil)
            if case .contradicted = result { return true }
            #expect(isFailure(result))
            return false
        }
        #expect(isContradiction(#"{"issuer":"https://b.test","jwks_uri":"https://a.test/k"}"#))
        #expect(isContradiction(#"{"issuer":"https://a.test","jwks_uri":"http://a.test/k"}"#))
        #expect(isContradiction(#"{"issuer":"https://a.test"}"#))
        #expect(!isContradiction("<html></html>"))
        #expect(!isContradiction(#"{"issuer":"https://a.test","jwks_uri":"https://a.test/k",}"#))
    }

    @Test(arguments: ["v1", "\"a\r\nx: y\"", "\"", "\"a\"b\""])
    func `has no entity tag if the tag is not well formed`(tag: String) throws {
        let body = try Sample.issuer.get().jwks
        let response = HTTPFetchResponse(status: 200, headers: [HTTPFetchField("etag", tag)], body: body)
        guard case .keys(_, nil, _) = result(response) else {
            Issue.record("expected keys without a tag")
            return
        }
    }
}
