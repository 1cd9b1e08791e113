import Glibc

/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z, without leap seconds (Unix time).
package struct Timestamp: Sendable, Hashable, Comparable {
    package let milliseconds: Int64

    package init(milliseconds: Int64) { self.milliseconds = milliseconds }

    package init(seconds: Int64) { milliseconds = seconds * 1000 }

    /// Whole seconds since 1970, rounded down: a NumericDate of RFC 7519 section 2.
    package var seconds: Int64 {
        milliseconds >= 0 ? milliseconds / 1000 : (milliseconds - 999) / 1000
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

    /// The time after `duration`, or before it if `duration` is negative. Fractions of a millisecond in `duration` are
    /// cut off.
    package static func + (time: Timestamp, duration: Duration) -> Timestamp {
        let (seconds, attoseconds) = duration.components
        return Timestamp(milliseconds: time.milliseconds + seconds * 1000 + attoseconds / 1_000_000_000_000_000)
    }

    package static func - (time: Timestamp, duration: Duration) -> Timestamp { time + (.zero - duration) }

    /// The duration from `earlier` to this time; negative if `earlier` is later.
    package func since(_ earlier: Timestamp) -> Duration { .milliseconds(milliseconds - earlier.milliseconds) }
}

extension Timestamp {
    /// The current time of the machine's wall clock.
    package static func system() -> Timestamp {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(milliseconds: Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000)
    }

    /// The time as RFC 3339 text in UTC, rounded down to seconds: `2026-01-31T09:30:00Z`.
    package var rfc3339Seconds: String { text(milliseconds: nil) }

    /// The time as RFC 3339 text in UTC with milliseconds: `2026-01-31T09:30:00.250Z`.
    package var rfc3339Milliseconds: String { text(milliseconds: Int(milliseconds - seconds * 1000)) }

    /// The time as RFC 3339 text in UTC. If `milliseconds` is not `nil`, they follow the seconds as three digits.
    private func text(milliseconds: Int?) -> String {
        var clock = time_t(seconds)
        var parts = unsafe tm()
        guard unsafe gmtime_r(&clock, &parts) != nil else { return "year out of range" }
        // In C, `tm_year` counts from 1900 and `tm_mon` from 0.
        let fields = unsafe (
            Int(parts.tm_year) + 1900, Int(parts.tm_mon) + 1, Int(parts.tm_mday), Int(parts.tm_hour),
            Int(parts.tm_min), Int(parts.tm_sec)
        )
        var text = ""
        text.reserveCapacity(24)
        text.append(number: fields.0, digits: 4)
        text.append(number: fields.1, digits: 2, after: "-")
        text.append(number: fields.2, digits: 2, after: "-")
        text.append(number: fields.3, digits: 2, after: "T")
        text.append(number: fields.4, digits: 2, after: ":")
        text.append(number: fields.5, digits: 2, after: ":")
        if let milliseconds { text.append(number: milliseconds, digits: 3, after: ".") }
        text.append("Z")
        return text
    }
}

extension String {
    /// Appends `separator` and then `number`, which gets leading zeros if it has fewer than `digits` digits.
    fileprivate mutating func append(number: Int, digits: Int, after separator: String = "") {
        append(separator)
        let text = String(number)
        for _ in 0..<max(0, digits - text.utf8.count) { append("0") }
        append(text)
    }
}

extension Duration {
    /// The current reading of a monotonic clock with an arbitrary start. Use it to measure durations.
    package static func uptime() -> Duration {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
