// The folder Writing has the queue of writes, the thread that commits them in batches, and the metrics of the queue and
// the commits.

import SignetStore

/// Commits a batch of writes in one transaction, and gives each write its own result.
struct BatchCommitter {
    let environment: SharedEnvironment
    let metrics: StoreMetrics

    /// The result of an attempt to commit a batch.
    private enum BatchResult {
        case committed
        /// Nothing was written, for the reason in the error.
        case refused(StoreError)
        /// The commit failed so late that the disk may hold the whole batch or nothing of it.
        case unknown(StoreError)
    }

    /// The maximum number of attempts to commit a batch. Further attempts are allowed after LMDB's memory map was full,
    /// because each of them has a larger map.
    private static let attempts = 16

    /// Commits `batch`, and resumes the caller of every write in it with the result of the write.
    func commit(_ batch: [any PendingWrite]) {
        let start = ContinuousClock.now
        switch attempt(batch) {
        case .committed:
            metrics.committed(batch.count, in: ContinuousClock.now - start)
            // Complete all writes only now, even if a closure threw: the closure may have read changes of other writes
            // in the batch, which were not durable before the commit.
            for write in batch { write.complete() }
        case .refused(let error):
            // If the commit of a batch is refused, commit each write alone, so that one bad write does not make the
            // others fail.
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
                // A full map does not end the attempts, because `recover` has made the map larger. If the map has its
                // maximum size, `recover` returns a result instead of `nil`.
                guard failed < Self.attempts || error.isMapFull else {
                    return .refused(StoreError(.failure, "commit: \(error)"))
                }
            }
        }
    }

    /// Removes the cause of `failure`, if possible: grows the map, or opens the environment again.
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
                // Ignore a failure to open the environment again. The next batch tries it once more.
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
