import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct AuditTrimmingTests {
    private static let now = WallClock.start
    private static let limits = AuditLimits(retention: .seconds(90 * 86_400), maximumBytes: 16 << 20)

    private static func trimming(_ byteCount: UInt64, oldest: Duration?) -> AuditTrimming? {
        let state = AuditState(
            anchor: .start, head: AuditLink(sequence: 9, hash: AuditLink.start.hash), byteCount: byteCount)
        return AuditTrimming(
            of: AuditExtent(state: state, oldest: oldest.map { now - $0 }), limits: limits, at: now)
    }

    @Test func `a log within its limits is not trimmed`() {
        #expect(Self.trimming(16 << 20, oldest: .seconds(90 * 86_400)) == nil)
        #expect(Self.trimming(0, oldest: nil) == nil)
        // The retention is 90 days. The log is trimmed only when its oldest record is more than an hour older than
        // that, so that trimming by age happens at most once an hour.
        #expect(Self.trimming(1, oldest: .seconds(90 * 86_400 + 3600)) == nil)
    }

    @Test func `records beyond the retention are trimmed once the oldest is more than an hour too old`() throws {
        let trimming = try #require(Self.trimming(1, oldest: .seconds(90 * 86_400 + 3601)))
        #expect(trimming.start == Self.now - .seconds(90 * 86_400))
        #expect(trimming.byteCount == 16 << 20)
        #expect(trimming.reason == .age)
    }

    @Test func `a log beyond its maximum size is trimmed to 15/16 of it`() throws {
        let trimming = try #require(Self.trimming((16 << 20) + 1, oldest: .seconds(1)))
        #expect(trimming.byteCount == 15 << 20)
        #expect(trimming.reason == .size)
    }
}
