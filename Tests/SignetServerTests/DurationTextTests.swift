import SignetServer
import Testing

@Suite("Durations as operators write them")
struct DurationTextTests {
    @Test(arguments: [
        ("0s", Duration.zero), ("30s", .seconds(30)), ("15m", .seconds(900)), ("12h", .seconds(43_200)),
        ("7d", .seconds(604_800)), ("36500d", .seconds(36_500 * 86_400)),
    ])
    func `A whole number and a unit`(text: String, expected: Duration) {
        #expect(DurationText.parse(text) == expected)
    }

    @Test(arguments: [
        (Duration.zero, "0s"), (.seconds(59), "59s"), (.seconds(60), "1m"), (.seconds(61), "61s"),
        (.seconds(5400), "90m"), (.seconds(7200), "2h"), (.seconds(172_800), "2d"),
    ])
    func `A duration is written in the largest unit that leaves no rest`(duration: Duration, expected: String) {
        #expect(DurationText.text(duration) == expected)
        #expect(DurationText.parse(expected) == duration)
    }

    @Test(arguments: [
        "", "s", "15", "-1s", "+1s", "1.5h", "1 m", " 1m", "1m ", "1M", "1w", "36501d", "99999999999999999999s",
        "9223372036854775807d", "1ms", "١s",
    ])
    func `Anything else is refused`(text: String) {
        #expect(DurationText.parse(text) == nil)
    }
}
