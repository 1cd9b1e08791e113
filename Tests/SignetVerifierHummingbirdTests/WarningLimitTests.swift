import SignetVerifier
import Testing

@testable import SignetVerifierHummingbird

@Suite("Warnings about an outage")
struct WarningLimitTests {
    @Test func `come once in ten seconds for each reason`() {
        let limit = WarningLimit()
        let start = ContinuousClock.now
        var count = 0
        for millisecond in 0..<30_000 where limit.allows(.keysUnavailable, at: start + .milliseconds(millisecond)) {
            count += 1
        }
        #expect(count == 3)
        #expect(limit.allows(.introspectionUnavailable, at: start + .seconds(29)))
    }
}
