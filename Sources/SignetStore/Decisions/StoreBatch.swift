/// The size of one transaction of a job that removes many records.
package struct BatchLimit: Sendable {
    /// The maximum number of records that the transaction handles.
    package let records: Int
    /// The number of records to handle before the time limit is checked again.
    package let step: Int
    /// The time limit of the transaction. A step that has begun is finished, so the transaction may take slightly
    /// longer.
    package let duration: Duration
    private let uptime: @Sendable () -> Duration

    /// Makes a limit.
    /// - Parameter uptime: reads a monotonic clock, which measures how long a transaction takes.
    package init(records: Int, step: Int, duration: Duration, uptime: @escaping @Sendable () -> Duration) {
        self.records = records
        self.step = step
        self.duration = duration
        self.uptime = uptime
    }

    /// Calls `work` until this limit is reached or no records are left.
    /// - Parameter work: handles up to as many records as its argument says, and returns their number. A smaller number
    ///   means that no records are left.
    package func run(_ work: (_ limit: Int) throws -> Int) rethrows -> BatchProgress {
        let end = uptime() + duration
        var handled = 0
        repeat {
            let count = try work(step)
            handled += count
            if count < step { return BatchProgress(handled: handled, isLast: true) }
        } while handled + step <= records && uptime() < end
        return BatchProgress(handled: handled, isLast: false)
    }
}

/// What one transaction of a job has done.
package struct BatchProgress: Sendable, Hashable {
    /// The number of records that the transaction handled.
    package let handled: Int
    /// `true` if no records are left.
    package let isLast: Bool

    package init(handled: Int, isLast: Bool) {
        self.handled = handled
        self.isLast = isLast
    }
}

/// Which of the oldest audit records to remove.
package struct AuditTrim: Sendable, Hashable {
    /// Records from before this time are removed.
    package let start: Timestamp
    /// The current time. A record with a later time was written while a clock was wrong. Its age is taken to be the age
    /// of the next record whose time is not in the future.
    package let time: Timestamp
    /// The size of the log in bytes, above which records of any age are removed.
    package let byteCount: UInt64

    package init(before start: Timestamp, at time: Timestamp, downTo byteCount: UInt64) {
        self.start = start
        self.time = time
        self.byteCount = byteCount
    }
}
