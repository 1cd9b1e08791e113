/// What the store measures, by the name that a metrics backend shows. Names are relied on by dashboards and alerts.
package enum StoreMetric: String, Sendable, CaseIterable {
    case commitSeconds = "signet_store_commit_seconds"
    case commitWrites = "signet_store_commit_writes"
    case waiting = "signet_store_waiting_writes"
    case refused = "signet_store_refused_writes_total"
    case full = "signet_store_full"
    case mapped = "signet_store_map_bytes"
    case used = "signet_store_used_bytes"

    /// One sentence for the operator.
    package var help: String {
        switch self {
        case .commitSeconds: "Time that a commit took, from its first write until it was on disk."
        case .commitWrites: "Writes that shared a commit."
        case .waiting: "Writes that wait for their commit."
        case .refused: "Writes that the store refused, by the reason."
        case .full: "1 when the last write found the disk full or the map at its maximum, else 0."
        case .mapped: "Bytes of address space that the store maps; doubles by itself."
        case .used: "Bytes of the data file in use, pages that wait to be used again included."
        }
    }

    /// The upper bounds of a histogram's buckets, where they are no times.
    package var buckets: [Double]? {
        self == .commitWrites ? [1, 2, 4, 8, 16, 32, 64, 128, 256] : nil
    }
}
