import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct AuditTrimmingTests {
    private static let now = TestClock.start
    private static let limits = AuditLimits(retention: .seconds(90 * 86_400), maximumBytes: 16 << 20)

    private static func trimming(_ byteCount: UInt64, oldest: Duration?) -> AuditTrimming? {
        let state = AuditState(
            anchor: .start, head: AuditLink(sequence: 9, hash: AuditLink.start.hash), byteCount: byteCount)
        return AuditTrimming(of: state, oldest: oldest.map { now - $0 }, limits: limits, at: now)
    }

    @Test func `nothing is trimmed that is neither too old nor too much`() {
        #expect(Self.trimming(16 << 20, oldest: .seconds(90 * 86_400)) == nil)
        #expect(Self.trimming(0, oldest: nil) == nil)
        // Up to an hour is allowed, so that trimming by age is at most hourly.
        #expect(Self.trimming(1, oldest: .seconds(90 * 86_400 + 3600)) == nil)
    }

    @Test func `what is older than the retention goes, exactly`() throws {
        let trimming = try #require(Self.trimming(1, oldest: .seconds(90 * 86_400 + 3601)))
        #expect(trimming.start == Self.now - .seconds(90 * 86_400))
        #expect(trimming.byteCount == 16 << 20)
        #expect(trimming.reason == .age)
    }

    @Test func `a log that is too large makes room for a while`() throws {
        let trimming = try #require(Self.trimming((16 << 20) + 1, oldest: .seconds(1)))
        #expect(trimming.byteCount == 15 << 20)
        #expect(trimming.reason == .size)
    }
}
