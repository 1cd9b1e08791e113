// Writing: the queue of writes, the thread that commits the writes in batches, and the metrics of the queue and
// commits.

import SignetStore

/// Commits a batch of writes in one transaction, and gives each write its own result.
struct BatchCommitter {
    let environment: SharedEnvironment
    let metrics: StoreMetrics

    /// The result of an attempt to commit a batch.
    private enum BatchResult {
        case committed
        /// Nothing was written; the error says why.
        case refused(StoreError)
        /// The commit failed at a point where the disk may hold either the whole batch or nothing of the batch.
        case unknown(StoreError)
    }

    /// The maximum number of attempts to commit a batch. Attempts after a full LMDB map may exceed it, because each of
    /// them has grown the map, which has a maximum size.
    private static let attempts = 16

    /// Commits `batch` and completes every write in it.
    func commit(_ batch: [any PendingWrite]) {
        let start = ContinuousClock.now
        switch attempt(batch) {
        case .committed:
            metrics.committed(batch.count, in: ContinuousClock.now - start)
            // Writes whose closure threw also complete here and not earlier. Their closures may have read changes of
            // other writes in the batch, which are committed only now.
            for write in batch { write.complete() }
        case .refused(let error):
            // If the commit of a batch is refused, each write is committed alone. So one write does not make the others
            // fail.
            guard batch.count > 1 else {
                metrics.refused(1, as: error.code)
                return batch.forEach { $0.refuse(error) }
            }
            for write in batch { commit([write]) }
        case .unknown(let error):
            metrics.refused(batch.count, as: error.code)
            for write in batch { write.refuse(error) }
        }
    }

    private func attempt(_ batch: [any PendingWrite]) -> BatchResult {
        var failed = 0
        while true {
            do throws(WriteFailure) {
                try environment.write { transaction throws(LMDBCode) in try run(batch, in: transaction) }
                return .committed
            } catch {
                failed += 1
                if let result = recover(from: error) { return result }
                // A full map does not use up the attempts, because `recover` has made the map larger. Once the map has
                // its maximum size, `recover` returns a result instead.
                guard failed < Self.attempts || error.isMapFull else {
                    return .refused(StoreError(.failure, "commit: \(error)"))
                }
            }
        }
    }

    /// Grows the map or opens the environment again, depending on `failure`.
    /// - Returns: `nil` to try the batch again; otherwise the final result of the batch.
    private func recover(from failure: WriteFailure) -> BatchResult? {
        do throws(StoreError) {
            switch failure {
            case .notWritten(.mapFull):
                guard try environment.growMap() else {
                    return .refused(StoreError(.full, "the store has reached its maximum map size"))
                }
            case .notWritten(.mapResized):
                try environment.adoptMapSize()
            case .notWritten(.panic), .closed:
                try environment.recover()
            case .notWritten(let code):
                return .refused(environment.refusal(of: code))
            case .unknown(let code):
                // If the environment cannot be opened again here, the next batch tries to open it.
                try? environment.recover()
                return .unknown(StoreError(.outcomeUnknown, "commit: \(code)"))
            }
            return nil
        } catch {
            return .refused(error)
        }
    }

    private func run(_ batch: [any PendingWrite], in transaction: WriteTransaction) throws(LMDBCode) -> Bool {
        if batch.count == 1 {
            guard try transaction.run({ batch[0].run(on: LMDBWriter(transaction: $0)) }) else { return false }
        } else {
            for write in batch {
                try transaction.runNested { write.run(on: LMDBWriter(transaction: $0)) }
            }
        }
        return true
    }
}
