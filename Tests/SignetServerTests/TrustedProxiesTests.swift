import Testing

@testable import SignetServer

@Suite("Trusted proxies")
struct TrustedProxiesTests {
    private func proxies(_ ranges: String...) throws -> TrustedProxies {
        TrustedProxies(ranges: try ranges.map { try #require(AddressRange($0)) })
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.2", "11.0.0.1"), ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
        ("192.0.2.128/25", "192.0.2.129", "192.0.2.127"), ("0.0.0.0/0", "203.0.113.9", "::1"),
        ("::1", "0:0:0:0:0:0:0:1", "::2"), ("2001:db8::/33", "2001:db8:7fff::1", "2001:db8:8000::1"),
        ("::/0", "::1", "10.0.0.1"), ("10.0.0.0/8", "::ffff:10.1.1.1", "::ffff:11.1.1.1"),
    ])
    func `a range contains the addresses with its prefix`(range: String, inside: String, outside: String) throws {
        let range = try #require(AddressRange(range))
        #expect(range.contains(try #require(NetworkAddress(inside))))
        #expect(!range.contains(try #require(NetworkAddress(outside))))
    }

    @Test(arguments: [
        "", "x", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/", "10.0.0.0/8/8", "10.0.0.1/8", "10.0.0",
        "::/129", "::1/127", "localhost", "10.0.0.0 /8", "2001:db8::/", "/8", "10.00.0.0/8",
    ])
    func `a text that is not a range is refused`(text: String) {
        #expect(AddressRange(text) == nil)
    }

    @Test func `X-Forwarded-For from an untrusted peer is ignored`() throws {
        #expect(TrustedProxies.none.client(peer: "10.0.0.1", forwardedFor: ["192.0.2.7"]) == "10.0.0.1")
        #expect(try proxies("10.0.0.0/8").client(peer: "11.0.0.1", forwardedFor: ["192.0.2.7"]) == "11.0.0.1")
        #expect(try proxies("10.0.0.0/8").client(peer: "", forwardedFor: ["192.0.2.7"]) == "")
    }

    @Test(
        arguments: [
            ([], "10.0.0.1"), ([""], "10.0.0.1"), (["192.0.2.7"], "192.0.2.7"),
            (["203.0.113.1, 192.0.2.7"], "192.0.2.7"), (["203.0.113.1, 192.0.2.7, 10.0.0.2"], "192.0.2.7"),
            (["203.0.113.1", "192.0.2.7", "10.0.0.2,10.0.0.3"], "192.0.2.7"), (["10.0.0.9, 10.0.0.2"], "10.0.0.9"),
            (["192.0.2.7:4711"], "192.0.2.7"), (["[2001:db8::7]:4711"], "2001:db8::7"),
            (["2001:DB8:0::7"], "2001:db8::7"),
            (["192.0.2.7, unknown"], "10.0.0.1"), (["192.0.2.7, unknown, 10.0.0.2"], "10.0.0.2"),
            (["192.0.2.7 x, 10.0.0.2"], "10.0.0.2"), (["::ffff:192.0.2.7"], "192.0.2.7"),
            (["192.0.2.7\t,\t10.0.0.2 \t"], "192.0.2.7"), (["[2001:db8::7"], "10.0.0.1"),
            (["192.0.2.7:junk, 10.0.0.2"], "10.0.0.2"),
        ] as [([String], String)])
    func `the client is the right-most address that is not a trusted proxy's`(headers: [String], client: String) throws
    {
        #expect(try proxies("10.0.0.0/8").client(peer: "10.0.0.1", forwardedFor: headers) == client)
    }

    @Test(arguments: [
        ("192.0.2.7", "192.0.2.7"), ("192.0.2.7:0", "192.0.2.7"), ("192.0.2.7:65535", "192.0.2.7"),
        ("2001:db8::7", "2001:db8::7"), ("[2001:db8::7]", "2001:db8::7"), ("[2001:db8::7]:4711", "2001:db8::7"),
    ])
    func `a forwarded address may have a port, and an IPv6 address brackets`(text: String, address: String) throws {
        #expect(try #require(NetworkAddress(forwarded: text[...])).text == address)
    }

    @Test(arguments: [
        "", "[", "[]", "[::1", "[::1]:", "[::1]x", "[::1]4711", "[::1]:x", "[::1]]", "[[::1]]", "[192.0.2.7]", "::1]",
        "192.0.2.7:", "192.0.2.7:junk", "192.0.2.7:65536", "192.0.2.7:+80", "192.0.2.7: 80", ":80", "192.0.2.7 x",
        "unknown", "_hidden", "192.0.2.7:80:80", " 192.0.2.7",
    ])
    func `another text is not a forwarded address`(text: String) {
        #expect(NetworkAddress(forwarded: text[...]) == nil)
    }
}
