import HTTPTypes
import Testing

@testable import SignetAPI

@Suite("Browser policy")
struct BrowserPolicyTests {
    private static let app = "https://app.example.com"

    private func policy(issuer: String = "https://id.example.com") throws -> BrowserPolicy {
        BrowserPolicy(
            identifier: try #require(IssuerIdentifier(issuer)), allowedOrigins: [try #require(WebOrigin(Self.app))])
    }

    @Test(arguments: [
        "https://app.example.com", "https://app.example.com:8443", "http://localhost:3000", "http://127.0.0.1",
        "http://[::1]:3000", "https://xn--bcher-kva.example",
    ])
    func `an origin in the spelling of browsers is accepted`(text: String) {
        #expect(WebOrigin(text)?.text == text)
    }

    @Test(arguments: [
        "", "*", "null", "app.example.com", "https://", "https://app.example.com/", "https://app.example.com/x",
        "HTTPS://app.example.com", "https://App.example.com", "https://app.example.com:443", "http://localhost:80",
        "http://app.example.com", "http://192.168.1.1", "https://*.example.com", "https://a@b", "https://a?b",
        "https://app.example.com:0", "https://app.example.com:65536", "https://bücher.example", "ftp://a.example",
        "https://a.example,https://b.example", " https://a.example", "http://localhost.evil.example",
        "http://127.evil.example", "http://127.0.0.1.evil.example", "http://127.1", "http://127.0.0.256",
        "http://127.0.0.01", "http://localhost:03000", "http://[::1]evil", "http://[::1].evil.example",
        "http://user@localhost",
        "http://localhost:3000@evil.example", "http://localhost:", "http://localhost:+80",
        "http://[::ffff:127.0.0.1]", "http://[::2]",
    ])
    func `an origin in any other spelling is refused`(text: String) {
        #expect(WebOrigin(text) == nil)
    }

    @Test(arguments: [
        ("https://id.example.com", "https://id.example.com"),
        ("https://ID.example.com:443/x", "https://id.example.com"),
        ("http://localhost:5000", "http://localhost:5000"), ("http://id.example.com:80", "http://id.example.com"),
        ("https://[2001:DB8::1]:8443/x", "https://[2001:db8::1]:8443"), ("https://[::1]:443", "https://[::1]"),
        ("https://id.example.com:0443", "https://id.example.com"),
        ("https://id.example.com:4443", "https://id.example.com:4443"),
    ])
    func `the issuer's own origin is allowed`(issuer: String, origin: String) throws {
        #expect(try policy(issuer: issuer).allowedOrigin(in: [.origin: origin]) == origin)
    }

    private static func headers(_ origin: String?, _ site: String?) -> HeaderFields {
        var headers = HeaderFields()
        if let origin { headers.append(.origin, origin) }
        if let site { headers.append(.secFetchSite, site) }
        return headers
    }

    @Test(
        arguments: [
            (nil, "same-origin"), (app, "same-origin"), ("http://127.0.0.1:5000", "same-origin"), (app, "same-site"),
            (app, "cross-site"), ("https://id.example.com", "same-site"), (app, nil), ("https://id.example.com", nil),
        ] as [(String?, String?)])
    func `a cookie is accepted from a page of an allowed origin`(origin: String?, site: String?) throws {
        try policy().checkSource(of: Self.headers(origin, site))
    }

    @Test(
        arguments: [
            (nil, nil), (nil, "none"), (app, "none"), (nil, "same-site"), (nil, "cross-site"), ("null", "cross-site"),
            ("null", nil), ("https://evil.example", nil), ("https://evil.example", "cross-site"),
            ("https://app.example.com.evil.example", "cross-site"), ("https://app.example.com:444", "same-site"),
            ("http://app.example.com", "cross-site"), ("https://APP.example.com", "cross-site"), (app, ""),
            (app, "Same-Origin"), (app, "same-origin, cross-site"),
        ] as [(String?, String?)])
    func `a cookie is refused from another origin or an unknown one`(origin: String?, site: String?) throws {
        let policy = try policy()
        let headers = Self.headers(origin, site)
        #expect(throws: Problem.self) { try policy.checkSource(of: headers) }
    }

    @Test func `a repeated Origin or Sec-Fetch-Site header is refused`() throws {
        let policy = try policy()
        var two = Self.headers(Self.app, nil)
        two.append(.origin, Self.app)
        #expect(throws: Problem.self) { try policy.checkSource(of: two) }
        var sites = Self.headers(Self.app, "same-origin")
        sites.append(.secFetchSite, "same-origin")
        #expect(throws: Problem.self) { try policy.checkSource(of: sites) }
    }

    @Test func `the refresh token cookie is found among others, and two different ones are refused`() throws {
        let cookie = RefreshCookie(path: "/api")
        let name = RefreshCookie.name
        #expect(try cookie.token(in: [:]) == nil)
        #expect(try cookie.token(in: [.cookie: "a=b; \(name)=srt_x;c=d"]) == "srt_x")
        #expect(try cookie.token(in: [.cookie: "\(name)=srt_x; \(name)=srt_x"]) == "srt_x")
        for other in ["\(name)=", "x\(name)=srt_x", "\(name)2=srt_x", "\(name)", "signet-refresh=srt_x", "="] {
            #expect(try cookie.token(in: [.cookie: other]) == nil)
        }
        #expect(throws: RequestRefusal.self) { try cookie.token(in: [.cookie: "\(name)=srt_x; \(name)=srt_y"]) }
        var two: HeaderFields = [.cookie: "\(name)=srt_x"]
        two.append(.cookie, "\(name)=srt_y")
        #expect(throws: RequestRefusal.self) { try cookie.token(in: two) }
    }

    @Test func `the cookie is Secure, HttpOnly, SameSite=Strict and limited to the API`() throws {
        let issuer = try policy(issuer: "https://example.com/id").cookie
        #expect(
            issuer.setting("srt_x", lifetime: 60)[.setCookie]
                == "__Secure-signet-refresh=srt_x; Path=/id/api; Max-Age=60; Secure; HttpOnly; SameSite=Strict")
        #expect(
            issuer.clearing(from: [.cookie: "__Secure-signet-refresh=srt_x"])[.setCookie]
                == "__Secure-signet-refresh=; Path=/id/api; Max-Age=0; Secure; HttpOnly; SameSite=Strict")
        #expect(issuer.clearing(from: [.cookie: "other=x"]).isEmpty)
    }
}
