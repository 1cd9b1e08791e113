/// Durations as operators write them: a whole number and a unit, `s`, `m`, `h` or `d`.
package enum DurationText {
    /// Reads `30s`, `15m`, `12h` or `7d`; `nil` for anything else and for what exceeds 100 years.
    package static func parse(_ text: String) -> Duration? {
        guard let unit = text.last, let secondsPerUnit = secondsPerUnit[unit] else { return nil }
        let digits = text.dropLast()
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let count = Int64(digits)
        else { return nil }
        let (seconds, overflow) = count.multipliedReportingOverflow(by: secondsPerUnit)
        guard !overflow, seconds <= 100 * 365 * 86_400 else { return nil }
        return .seconds(seconds)
    }

    /// The text form of a duration in whole seconds, in the largest unit that leaves no rest.
    package static func text(_ duration: Duration) -> String {
        let seconds = duration.components.seconds
        for (unit, length) in [("d", 86_400), ("h", 3600), ("m", 60)] as [(String, Int64)]
        where seconds >= length && seconds.isMultiple(of: length) {
            return "\(seconds / length)\(unit)"
        }
        return "\(seconds)s"
    }

    private static let secondsPerUnit: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
}
