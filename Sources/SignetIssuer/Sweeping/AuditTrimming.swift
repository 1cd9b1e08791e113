import SignetStore

/// Whether the audit log is to be trimmed, and how far: a function of its state and the time.
///
/// Trimming writes a record of itself, hence it waits until it is worth one: until the oldest record is an hour too
/// old, or the log too large; then it makes room for a while.
struct AuditTrimming: Sendable, Hashable {
    /// The reason that the record gives. Raw values are stored.
    enum Reason: String, Sendable {
        case age
        case size
    }

    /// Records before this go.
    let start: Timestamp
    /// And the oldest of the rest, until they take no more than this.
    let byteCount: UInt64
    let reason: Reason

    /// - Parameter oldest: when the oldest record happened; `nil` when there is none.
    /// - Returns: `nil` when nothing is to be done.
    init?(of state: AuditState, oldest: Timestamp?, limits: AuditLimits, at now: Timestamp) {
        guard let oldest else { return nil }
        let maximum = UInt64(max(0, limits.maximumBytes))
        let isTooLarge = state.byteCount > maximum
        start = now - limits.retention
        guard isTooLarge || oldest < start - min(.seconds(3600), limits.retention / 24) else { return nil }
        byteCount = isTooLarge ? maximum / 16 * 15 : maximum
        reason = isTooLarge ? .size : .age
    }
}
