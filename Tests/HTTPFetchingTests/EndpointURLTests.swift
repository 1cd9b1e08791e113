import Testing

@testable import HTTPFetching

@Suite("An endpoint URL")
struct EndpointURLTests {
    @Test(arguments: [
        "", "issuer.test", "//issuer.test", "ftp://issuer.test", "https://", "https:///path", "https://a@b.test",
        "https://a:b@c.test/", "https://b.test#x", "https://b.test/#", "https://b.test:0", "https://b.test:65536",
        "https://b.test:", "https://b.test:a", "https://b\\.test", "https://b.test/ x", "https://b.test/\u{E9}",
        "https://[::1", "https://[g::]", "https://b.test\r\n", "https://a%2Eb.test", "https:b.test",
        "https://b.test/" + String(repeating: "x", count: 2048),
    ])
    func `must be an absolute http or https URL`(text: String) {
        #expect(throws: ConfigurationError(.malformedURL, "")) { try EndpointURL(text, what: "it") }
    }

    @Test(arguments: [
        ("http://localhost:5000", true), ("http://LOCALHOST", true), ("http://127.0.0.1", true),
        ("http://127.9.8.7:1", true), ("http://[::1]:80/x", true), ("http://localhost.evil.test", false),
        ("http://127.0.0.1.evil.test", false), ("http://127.0.0.256", false), ("http://127.00.0.1", false),
        ("http://127.1", false), ("http://128.0.0.1", false), ("http://0.0.0.0", false), ("http://[::2]", false),
        ("http://notlocalhost", false),
    ])
    func `names this machine only by an exact loopback name or address`(text: String, isLoopback: Bool) throws {
        let url = try EndpointURL(text, what: "it")
        #expect(url.authority.isLoopback == isLoopback)
        if isLoopback {
            try url.requireSecure(unless: false, what: "it")
        } else {
            #expect(throws: ConfigurationError(.insecureURL, "")) { try url.requireSecure(unless: false, what: "it") }
            try url.requireSecure(unless: true, what: "it")
        }
    }

    @Test(arguments: [
        ("https://a.test", "/"), ("HTTPS://a.test:8443/x%20y/?b=c&d", "/x%20y/?b=c&d"), ("http://[::1]:80?b", "/?b"),
        ("http://a.test/", "/"),
    ])
    func `has path and query as the target of a request`(text: String, target: String) throws {
        #expect(try EndpointURL(text, what: "it").requestTarget == target)
    }

    @Test(arguments: [
        ("https://a.test", "https://a.test/.well-known/oauth-authorization-server"),
        ("https://a.test/", "https://a.test/.well-known/oauth-authorization-server"),
        ("http://localhost:5000/x/y/", "http://localhost:5000/.well-known/oauth-authorization-server/x/y"),
    ])
    func `has its metadata path between host and path`(issuer: String, url: String) throws {
        #expect(try EndpointURL(issuer, what: "it").metadataURL == url)
    }
}
