import Testing

@testable import HTTPFetching

@Suite("The lifetime of a response")
struct FreshnessTests {
    private let freshness = Freshness(bounds: .seconds(30)...(.seconds(86_400)), usual: .seconds(600))

    /// The arguments are the `Cache-Control` fields, the `Age` field, and the expected lifetime in seconds.
    @Test(
        arguments: [
            ([], nil, 600), (["public"], nil, 600), (["max-age=300"], nil, 300), (["public, max-age=300"], nil, 300),
            (["MAX-AGE = 300"], nil, 300), ([#"max-age="300""#], nil, 300), (["max-age=5"], nil, 30),
            (["max-age=0"], nil, 30), (["max-age=999999"], nil, 86_400),
            (["max-age=99999999999999999999999999"], nil, 86_400), (["max-age=300", "max-age=100"], nil, 100),
            (["max-age=300"], "100", 200), (["max-age=300"], "299", 30), (["max-age=300"], "garbage", 300),
            (["no-store"], nil, 30), (["no-cache, max-age=300"], nil, 30), (["max-age=abc"], nil, 30),
            (["max-age"], nil, 30), (["max-age=-1"], nil, 30), (["s-maxage=900"], nil, 600),
            (["s-maxage=900, max-age=60"], nil, 60), ([",,;="], nil, 600),
        ] as [([String], String?, Int)])
    func `is max-age minus Age, within the bounds`(cacheControl: [String], age: String?, seconds: Int) {
        #expect(freshness.lifetime(cacheControl: cacheControl, age: age) == .seconds(seconds))
    }

    @Test func `is read from response fields with names in any case`() {
        let response = HTTPFetchResponse(
            status: 200, headers: [HTTPFetchField("Cache-Control", "max-age=300"), HTTPFetchField("AGE", "60")])
        #expect(freshness.lifetime(of: response) == .seconds(240))
    }
}
