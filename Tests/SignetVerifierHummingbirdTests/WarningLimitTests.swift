import SignetVerifier
import Testing

@testable import SignetVerifierHummingbird

@Suite("Warnings during an outage")
struct WarningLimitTests {
    @Test func `are logged once in ten seconds for each code`() {
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
