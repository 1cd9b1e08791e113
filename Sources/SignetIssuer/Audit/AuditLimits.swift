/// How much the audit log keeps.
package struct AuditLimits: Sendable, Hashable {
    /// Records older than this are removed. Default: 90 days.
    package var retention: Duration
    /// When the records take more, the oldest ones are removed. Default: 256 MiB, which is about a million records.
    package var maximumBytes: Int

    package init(retention: Duration = .seconds(90 * 86_400), maximumBytes: Int = 256 << 20) {
        self.retention = retention
        self.maximumBytes = maximumBytes
    }
}
