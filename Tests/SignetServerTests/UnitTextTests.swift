import SignetServer
import Testing

@Suite("Durations in settings")
struct DurationTextTests {
    @Test(arguments: [
        ("0s", Duration.zero), ("30s", .seconds(30)), ("15m", .seconds(900)), ("12h", .seconds(43_200)),
        ("7d", .seconds(604_800)), ("36500d", .seconds(36_500 * 86_400)),
    ])
    func `A whole number and a unit is read`(text: String, expected: Duration) {
        #expect(DurationText.parse(text) == expected)
    }

    @Test(arguments: [
        (Duration.zero, "0s"), (.seconds(59), "59s"), (.seconds(60), "1m"), (.seconds(61), "61s"),
        (.seconds(5400), "90m"), (.seconds(7200), "2h"), (.seconds(172_800), "2d"),
    ])
    func `A duration is written in the largest unit without a remainder`(duration: Duration, expected: String) {
        #expect(DurationText.text(duration) == expected)
        #expect(DurationText.parse(expected) == duration)
    }

    @Test(arguments: [
        "", "s", "15", "-1s", "+1s", "1.5h", "1 m", " 1m", "1m ", "1M", "1w", "36501d", "99999999999999999999s",
        "9223372036854775807d", "1ms", "١s",
    ])
    func `Any other text is refused`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }
}

@Suite("Sizes in settings")
struct SizeTextTests {
    @Test(arguments: [
        ("16KiB", 16 << 10), ("256MiB", 256 << 20), ("4GiB", 4 << 30), ("0KiB", 0), ("1048576GiB", 1 << 50),
    ])
    func `A whole number and a unit is read`(text: String, bytes: Int) { #expect(SizeText.parse(text) == bytes) }

    @Test(arguments: [
        "", "KiB", "1", "1KB", "1kib", " 1KiB", "1 KiB", "-1KiB", "+1KiB", "1.5GiB", "1048577GiB",
        "99999999999999999999GiB", "١GiB",
    ])
    func `Any other text is refused`(text: String) { #expect(SizeText.parse(text) == nil) }

    @Test func `A size is written in the largest unit without a remainder`() {
        #expect(SizeText.text(16 << 20) == "16MiB")
        #expect(SizeText.text(1 << 40) == "1024GiB")
        #expect(SizeText.text(1536 << 10) == "1536KiB")
        #expect(SizeText.text(7) == "7 bytes")
    }
}
