import SignetStore
import Testing

@Suite struct TimestampTests {
    @Test(arguments: [
        (Int64(0), "1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000Z"),
        (1_769_851_800_250, "2026-01-31T09:30:00Z", "2026-01-31T09:30:00.250Z"),
        // 0.289 has no exact binary fraction, and the nearest `Double` is a little less. The text must still end in
        // .289, not in .288.
        (1_769_851_800_289, "2026-01-31T09:30:00Z", "2026-01-31T09:30:00.289Z"),
        (1_769_851_799_999, "2026-01-31T09:29:59Z", "2026-01-31T09:29:59.999Z"),
        (-1, "1969-12-31T23:59:59Z", "1969-12-31T23:59:59.999Z"),
    ])
    func `the RFC 3339 texts name the second and the millisecond`(
        milliseconds: Int64, seconds: String, exact: String
    ) {
        let time = Timestamp(milliseconds: milliseconds)
        #expect(time.rfc3339Seconds == seconds)
        #expect(time.rfc3339Milliseconds == exact)
    }
}
