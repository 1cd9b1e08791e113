#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A point in time as tokens carry it: seconds since 1970-01-01T00:00:00Z, leap seconds not counted, fractions allowed
/// (RFC 7519 section 2).
///
/// Any finite number is a date, however far away: nothing wraps around.
public struct NumericDate: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// Seconds since the epoch; always finite.
    public let secondsSinceEpoch: Double

    /// The date that many seconds after the epoch.
    ///
    /// - Precondition: `secondsSinceEpoch` is finite.
    public init(secondsSinceEpoch: Double) {
        precondition(secondsSinceEpoch.isFinite, "a NumericDate is a finite number")
        self.secondsSinceEpoch = secondsSinceEpoch
    }

    /// The date that many whole seconds after the epoch; rounded beyond 2^53.
    public init(_ seconds: Int64) { secondsSinceEpoch = Double(seconds) }

    /// The system's wall clock.
    public static var now: NumericDate {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return NumericDate(secondsSinceEpoch: Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000)
    }

    /// Whole seconds, rounded down; the nearest `Int64` for a date beyond its range.
    public var seconds: Int64 {
        let whole = secondsSinceEpoch.rounded(.down)
        return Int64(exactly: whole) ?? (whole < 0 ? .min : .max)
    }

    /// Whether `left` is the earlier date.
    public static func < (left: NumericDate, right: NumericDate) -> Bool {
        left.secondsSinceEpoch < right.secondsSinceEpoch
    }

    /// The date `duration` later. The sum is rounded to what a `Double` holds: 0.2 microseconds for dates of our time.
    public static func + (date: NumericDate, duration: Duration) -> NumericDate {
        NumericDate(secondsSinceEpoch: date.secondsSinceEpoch + duration.inSeconds)
    }

    /// The date `duration` earlier, rounded as a sum is.
    public static func - (date: NumericDate, duration: Duration) -> NumericDate {
        NumericDate(secondsSinceEpoch: date.secondsSinceEpoch - duration.inSeconds)
    }

    /// How long after `earlier` this is, in seconds; negative when it is before.
    public func seconds(since earlier: NumericDate) -> Double { secondsSinceEpoch - earlier.secondsSinceEpoch }

    /// A number of seconds.
    ///
    /// - Throws: `DecodingError` for anything but a finite number.
    public init(from decoder: any Decoder) throws {
        let number = try decoder.singleValueContainer().decode(Double.self)
        guard number.isFinite else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a NumericDate is a finite number"))
        }
        secondsSinceEpoch = number
    }

    /// Writes a whole number of seconds as an integer.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let whole = Int64(exactly: secondsSinceEpoch) {
            try container.encode(whole)
        } else {
            try container.encode(secondsSinceEpoch)
        }
    }

    /// The number of seconds, without a fraction where there is none.
    public var description: String { Int64(exactly: secondsSinceEpoch).map(String.init) ?? "\(secondsSinceEpoch)" }
}

extension Duration {
    /// The duration as a number of seconds.
    package var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
