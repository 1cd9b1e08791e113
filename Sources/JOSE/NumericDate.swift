#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A point in time in a token: seconds since 1970-01-01T00:00:00Z without leap seconds, fractions allowed (RFC 7519
/// section 2).
///
/// Every finite number is a valid date. Arithmetic uses `Double`, so it cannot overflow like integers do.
public struct NumericDate: Sendable, Hashable, Comparable, Codable, CustomStringConvertible {
    /// Seconds since the epoch; always finite.
    public let secondsSinceEpoch: Double

    /// Creates a date from seconds since the epoch.
    ///
    /// - Precondition: `secondsSinceEpoch` is finite.
    public init(secondsSinceEpoch: Double) {
        precondition(secondsSinceEpoch.isFinite, "a NumericDate must be a finite number")
        self.secondsSinceEpoch = secondsSinceEpoch
    }

    /// Creates a date from whole seconds since the epoch. Numbers beyond 2^53 are rounded.
    public init(_ seconds: Int64) { secondsSinceEpoch = Double(seconds) }

    /// The current time of the system's wall clock.
    public static var now: NumericDate {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return NumericDate(secondsSinceEpoch: Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000)
    }

    /// The seconds since the epoch, rounded down. If the number does not fit into `Int64`, it is the nearest `Int64`.
    public var seconds: Int64 {
        let whole = secondsSinceEpoch.rounded(.down)
        return Int64(exactly: whole) ?? (whole < 0 ? .min : .max)
    }

    /// Whether `left` is the earlier date.
    public static func < (left: NumericDate, right: NumericDate) -> Bool {
        left.secondsSinceEpoch < right.secondsSinceEpoch
    }

    /// The date that is `duration` after `date`. The result is a `Double`, precise to 0.2 microseconds for present
    /// dates.
    public static func + (date: NumericDate, duration: Duration) -> NumericDate {
        NumericDate(secondsSinceEpoch: date.secondsSinceEpoch + duration.inSeconds)
    }

    /// The date that is `duration` before `date`. The result is a `Double`, precise to 0.2 microseconds for present
    /// dates.
    public static func - (date: NumericDate, duration: Duration) -> NumericDate {
        NumericDate(secondsSinceEpoch: date.secondsSinceEpoch - duration.inSeconds)
    }

    /// The seconds from `earlier` to this date; negative if `earlier` is later.
    public func seconds(since earlier: NumericDate) -> Double { secondsSinceEpoch - earlier.secondsSinceEpoch }

    /// Decodes a number of seconds.
    ///
    /// - Throws: `DecodingError` if the value is not a finite number.
    public init(from decoder: any Decoder) throws {
        let number = try decoder.singleValueContainer().decode(Double.self)
        guard number.isFinite else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "a NumericDate must be a finite number"))
        }
        secondsSinceEpoch = number
    }

    /// Encodes the seconds, as an integer if the date has no fraction.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if let whole = Int64(exactly: secondsSinceEpoch) {
            try container.encode(whole)
        } else {
            try container.encode(secondsSinceEpoch)
        }
    }

    /// The seconds since the epoch, without a decimal point if the date has no fraction.
    public var description: String { Int64(exactly: secondsSinceEpoch).map(String.init) ?? "\(secondsSinceEpoch)" }
}

extension Duration {
    /// The duration as a number of seconds.
    package var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }
}
