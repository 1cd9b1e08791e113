import Glibc

extension Duration {
    /// The time by a clock that only goes forward, for measuring; from an arbitrary start.
    package static func uptime() -> Duration {
        var time = timespec()
        _ = unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
