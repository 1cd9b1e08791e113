import Testing

@testable import SignetVerifier

@Suite("The metadata of an issuer")
struct IssuerMetadataTests {
    private func read(_ document: String, issuer: String, insecure: Bool = false) -> String? {
        var configuration = RemoteKeyConfiguration()
        configuration.allowsInsecureHTTP = insecure
        return try? IssuerMetadata(parsing: Array(document.utf8), issuer: issuer, configuration: configuration).keysURL
    }

    @Test(arguments: ["https://a.test/", "https://A.test", "https://b.test", "https://a.test:443"])
    func `is refused for another issuer, even if it differs only in a slash or in case`(found: String) {
        #expect(read(#"{"issuer":"\#(found)","jwks_uri":"https://a.test/k"}"#, issuer: "https://a.test") == nil)
    }

    @Test(arguments: [
        "", "[]", "{}", #"{"issuer":"https://a.test"}"#, #"{"issuer":"https://a.test","jwks_uri":7}"#,
        #"{"issuer":"https://a.test","jwks_uri":"https://a.test/k",}"#,
        #"{"issuer":"https://a.test","jwks_uri":"https://a.test/k","jwks_uri":"https://b.test/k"}"#,
        #"{"issuer":"https://a.test","jwks_uri":"file:///etc/passwd"}"#,
    ])
    func `is refused unless it is strict JSON with both members`(document: String) {
        #expect(read(document, issuer: "https://a.test") == nil)
    }

    @Test func `must name a URL with https, or with http where that is allowed and the issuer uses it`() {
        func keys(_ url: String, of issuer: String, insecure: Bool = false) -> String? {
            read(#"{"issuer":"\#(issuer)","jwks_uri":"\#(url)"}"#, issuer: issuer, insecure: insecure)
        }
        #expect(keys("https://cdn.test/k", of: "https://a.test") == "https://cdn.test/k")
        #expect(keys("http://a.test/k", of: "https://a.test") == nil)
        #expect(keys("http://localhost/k", of: "https://a.test") == nil)
        #expect(keys("http://localhost:5000/k", of: "http://localhost:5000") == "http://localhost:5000/k")
        #expect(keys("http://a.test/k", of: "http://a.test", insecure: true) == "http://a.test/k")
    }
}
