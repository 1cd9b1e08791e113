import Testing

@testable import SignetIssuer

@Suite struct AudienceRequestTests {
    private static let own = "https://api.example.com"
    private static let billing = "https://billing.example.com/Kelvin"

    private static func granted(
        _ resources: [String] = [], _ audiences: [String] = [], own: String = own,
        others: [String] = [billing, "stock"]
    ) throws -> [String] {
        try AudienceRequest(resources: resources, audiences: audiences).granted(own: own, others: others)
    }

    @Test func `a request without audiences gets the issuer's own`() throws {
        #expect(try Self.granted() == [Self.own])
        #expect(try AudienceRequest.unspecified.granted(own: Self.own, others: ["stock"]) == [Self.own])
    }

    @Test func `all requested audiences are granted once, resources first`() throws {
        #expect(try Self.granted([Self.billing]) == [Self.billing])
        #expect(try Self.granted([], ["stock"]) == ["stock"])
        #expect(
            try Self.granted([Self.own, Self.billing, Self.own], ["stock", Self.billing])
                == [Self.own, Self.billing, "stock"])
    }

    @Test func `every caller may request the issuer's own audience, spelled exactly`() async throws {
        #expect(try Self.granted([Self.own], [Self.own], others: []) == [Self.own])
        #expect(try Self.granted([], ["Caf\u{E9} API"], own: "Caf\u{E9} API") == ["Caf\u{E9} API"])
        await expect(.invalidTarget) { try Self.granted([], ["Cafe\u{301} API"], own: "Caf\u{E9} API") }
    }

    @Test(arguments: [
        "https://billing.example.com/kelvin", "HTTPS://billing.example.com/Kelvin",
        "https://BILLING.example.com/Kelvin",
        "https://billing.example.com/Kelvin/", "https://billing.example.com/Kelvin?",
        "https://billing.example.com:443/Kelvin",
        "https://billing.example.com/%4Belvin", "https://billing.example.com/\u{212A}elvin",
        "https://billing.example.com/Kelvin ", "https://billing.example.com/Kelvin\u{0}",
        "https://billing.example.com/Kelvin#", "https://billing.example.com/Kelvin#x", "https://billing.example.com",
        "https://api.example.com/", "https://elsewhere.example.com", "*", "", "stocks", "Stock", "stock\u{200B}",
    ])
    func `an audience that is not allowed byte for byte refuses the whole request`(text: String) async {
        await expect(.invalidTarget) { try Self.granted([], [text]) }
        await expect(.invalidTarget) { try Self.granted([text]) }
        await expect(.invalidTarget) { try Self.granted([Self.billing], ["stock", text]) }
    }

    @Test func `a plain name is refused as a resource even if it is an allowed audience`() async throws {
        await expect(.invalidTarget) { try Self.granted(["stock"]) }
        await expect(.invalidTarget) { try Self.granted(["own"], own: "own") }
        #expect(try Self.granted([], ["own"], own: "own") == ["own"])
    }

    @Test func `many audiences and a huge one are refused like any other`() async throws {
        let many = (0..<10_000).map { "https://\($0).example.com" }
        await expect(.invalidTarget) { try Self.granted(many) }
        await expect(.invalidTarget) { try Self.granted([], [String(repeating: "x", count: 1_000_000)]) }
        let same = [String](repeating: Self.billing, count: 10_000)
        #expect(try Self.granted(same) == [Self.billing])
    }
}
