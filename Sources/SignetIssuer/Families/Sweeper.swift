package import SignetStore

/// Removes what has expired, a little at a time, so that the writer is never held up.
package struct Sweeper: Sendable {
    /// Most records that one transaction removes.
    package static let batchSize = 100

    private let store: any Store

    package init(store: any Store) { self.store = store }

    /// Removes all families and revoked token ids whose time has passed at `now`.
    /// - Returns: how many index entries were handled.
    /// - Throws: `busy`, `storeUnavailable`, `CancellationError` between two batches. What was removed stays removed.
    @discardableResult
    package func sweep(at now: Timestamp) async throws -> Int {
        try await IssuerError.translating {
            var total = 0
            while true {
                try Task.checkCancellation()
                let handled = try await store.write { try $0.sweep(at: now, limit: Self.batchSize) }
                total += handled
                if handled < Self.batchSize { return total }
            }
        }
    }
}
