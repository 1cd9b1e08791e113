import SignetStore

/// Gives a batch of writes one commit, and each of them its own answer.
struct BatchCommitter {
    let environment: SharedEnvironment
    let metrics: StoreMetrics

    /// How the attempt to commit a batch ended.
    private enum Outcome {
        case committed
        /// Nothing was written.
        case refused(StoreError)
        /// The disk may hold all of it or nothing.
        case unknown(StoreError)
    }

    /// Someone else's doing (a map that another process grows) and a broken environment are retried this often.
    private static let attempts = 16

    /// Commits `batch` and answers every write in it.
    ///
    /// Answers wait for the commit, refusals by a closure included: it may have seen what the batch wrote before it. A
    /// batch that fails as a whole is tried again one by one, so that no write fails because of its company.
    func commit(_ batch: [any PendingWrite]) {
        let start = ContinuousClock.now
        switch attempt(batch) {
        case .committed:
            metrics.committed(batch.count, in: ContinuousClock.now - start)
            for write in batch { write.answer() }
        case .refused(let error):
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

    private func attempt(_ batch: [any PendingWrite]) -> Outcome {
        var failed = 0
        while true {
            do throws(WriteFailure) {
                try environment.write { transaction throws(LMDBCode) in try run(batch, in: transaction) }
                return .committed
            } catch {
                failed += 1
                switch outcome(of: error) {
                case nil where failed < Self.attempts || error.isMapFull: continue
                case nil: return .refused(StoreError(.failure, "commit: \(error)"))
                case .some(let outcome): return outcome
                }
            }
        }
    }

    /// Does what `failure` asks for. Returns `nil` when the batch shall run again.
    private func outcome(of failure: WriteFailure) -> Outcome? {
        do throws(StoreError) {
            switch failure {
            case .notWritten(.mapFull):
                guard try environment.growMap() else {
                    return .refused(StoreError(.full, "the store has reached its maximum size"))
                }
            case .notWritten(.mapResized):
                try environment.adoptMapSize()
            case .notWritten(.panic), .closed:
                try environment.recover()
            case .notWritten(let code):
                return .refused(environment.refusal(of: code))
            case .unknown(let code):
                // The callers are told in any case; should this fail, the next batch tries again.
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
