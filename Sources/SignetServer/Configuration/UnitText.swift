/// Durations in settings: a whole number and a unit, `s`, `m`, `h` or `d`.
package enum DurationText {
    /// Reads `30s`, `15m`, `12h` or `7d`; `nil` for any other text and for more than 100 years.
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

    /// Writes a duration as a whole number of the largest possible unit: `90m`, `2h`, `7d`.
    /// - Parameter duration: whole seconds.
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

/// Sizes in settings: a whole number and a unit, `KiB`, `MiB` or `GiB`.
package enum SizeText {
    /// Reads `512KiB`, `256MiB` or `2GiB` as bytes; `nil` for any other text and for more than 1024 TiB.
    package static func parse(_ text: String) -> Int? {
        guard let unit = units.first(where: { text.hasSuffix($0.name) }) else { return nil }
        let digits = text.dropLast(unit.name.count)
        guard !digits.isEmpty, digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let count = Int(digits)
        else { return nil }
        let (bytes, overflow) = count.multipliedReportingOverflow(by: unit.bytes)
        return overflow || bytes > 1 << 50 ? nil : bytes
    }

    /// Writes a number of bytes as a whole number of the largest possible unit: `1536KiB`, `16MiB`, `4GiB`.
    package static func text(_ bytes: Int) -> String {
        let unit = units.last { bytes.isMultiple(of: $0.bytes) && bytes >= $0.bytes }
        return unit.map { "\(bytes / $0.bytes)\($0.name)" } ?? "\(bytes) bytes"
    }

    private static let units = [
        (name: "KiB", bytes: 1 << 10), (name: "MiB", bytes: 1 << 20), (name: "GiB", bytes: 1 << 30),
    ]
}
