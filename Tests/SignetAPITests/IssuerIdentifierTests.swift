import HTTPFetching
import SignetAPI
import Testing

@Suite("Issuer identifiers")
struct IssuerIdentifierTests {
    @Test(arguments: [
        ("https://id.example.com", "id.example.com", ""), ("http://localhost:5000", "localhost:5000", ""),
        ("https://[::1]:8443/a/b-c_d.e~f", "[::1]:8443", "/a/b-c_d.e~f"),
    ])
    func `A URL is split into authority and path as written`(text: String, authority: String, path: String) throws {
        let identifier = try #require(IssuerIdentifier(text))
        #expect(identifier.text == text)
        #expect(identifier.authority.text == authority)
        #expect(identifier.path == path)
    }

    @Test(arguments: [
        "", "localhost:5000", "ftp://id.example.com", "https://", "https://id.example.com/",
        "https://u@id.example.com", "https://id~.example.com", "https://[abc]", "https://[10.0.0.1]",
        "https://id.example.com?a", "https://id.example.com#a", "https://id.example.com/a//b",
        "https://id.example.com/../a", "https://id.example.com:0", "https://id.example.com:65536",
        "https://id.example.com/:tenant", "https://id.example.com/a:b", "https://id.example.com/[a]",
        "https://id.example.com/{a}", "https://id.example.com/*", "https://id.example.com/a b",
    ])
    func `A text that is not an issuer URL, or that is not plain in a route, is refused`(text: String) {
        #expect(IssuerIdentifier(text) == nil)
    }

    @Test(arguments: [
        ("http://localhost:5000", true), ("http://127.0.0.1", true), ("http://127.9.8.7:1", true),
        ("http://[::1]", true),
        ("http://127.evil.example", false), ("http://127.0.0.1.evil.example", false),
        ("http://localhost.evil.example", false), ("http://127.1", false), ("http://127.0.0.256", false),
        ("http://[::2]", false),
    ])
    func `Only localhost, 127.0.0.0/8 and ::1 are loopback hosts`(text: String, isLoopback: Bool) throws {
        #expect(try #require(IssuerIdentifier(text)).isLoopback == isLoopback)
    }
}
