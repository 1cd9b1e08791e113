import Testing

@testable import SignetIssuer

@Suite struct AudienceTests {
    private static let uris = [
        "https://billing.example.com", "https://billing.example.com/", "https://billing.example.com:8443/v1?tenant=a",
        "HTTPS://Billing.example.com", "https://[2001:db8::1]:8443/x", "https://[::1]", "https://user@host/%C3%A9",
        "urn:example:billing", "api://4f9c6a1e", "a:b", "host:8080",
    ]

    @Test(arguments: uris)
    func `an absolute URI without fragment is valid as audience and as resource`(text: String) {
        #expect(Audience.isURI(text))
        #expect(Audience.isName(text))
    }

    @Test(arguments: [
        "billing", "4f9c6a1e-6d0f-4a57-9d2c-3a1f0e8b7c55", "billing.example.com/v1", "%2F", "-", "//host",
    ])
    func `a plain name is valid as audience and not as resource`(text: String) {
        #expect(Audience.isName(text))
        #expect(!Audience.isURI(text))
    }

    @Test(arguments: [
        "", " ", "a b", " billing", "billing\n", "billing\u{0}", "\"", "\\", "<a>", "{a}", "a|b", "a^b", "`", "#",
        "billing#x",
        "https://billing.example.com#", "https://billing.example.com/#x", "https://b\u{FC}cher.example.com",
        "rechnung\u{E9}",
        "\u{212A}", ":", ":a", "a:", "1:a", "+a:b", "a b:c", "\u{E9}:b", "https://", "https:///x", "https://?q",
        "https://:80",
        "https://[::1", "https://[]", "https://[::1]x", "https://[::1]:x", "https://[g]", "https://a]/", "a[0]",
        "urn:a[0]",
        "https://a/[0]", "%", "%4", "%4g", "https://a/%zz", "\u{202E}https://a", "https://a\u{200B}",
    ])
    func `other texts are valid as neither`(text: String) {
        #expect(!Audience.isName(text))
        #expect(!Audience.isURI(text))
    }

    @Test func `an audience has at most 255 bytes`() {
        #expect(Audience.isName(String(repeating: "a", count: 255)))
        #expect(!Audience.isName(String(repeating: "a", count: 256)))
        #expect(!Audience.isName("urn:" + String(repeating: "a", count: 252)))
        #expect(!Audience.isName(String(repeating: "a", count: 1_000_000)))
    }
}
