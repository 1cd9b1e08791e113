import SignetStore

/// The queue of waiting writes and the loop that commits them, many at a time.
final class GroupCommitter: Sendable {
    private let queue = Monitor(Queue())
    private let environment: SharedEnvironment
    private let waitingLimit: Int
    private let batchLimit: Int

    private struct Queue {
        var waiting: [any PendingWrite] = []
        var isClosing = false
        var hasEnded = false
    }

    /// After so many commits the slots of killed readers are looked for.
    private static let commitsBetweenReaderChecks = 1024

    init(environment: SharedEnvironment, options: LMDBStore.Options) {
        self.environment = environment
        waitingLimit = options.waitingWrites
        batchLimit = options.writesPerCommit
    }

    /// Queues a write, or refuses it at once when too many wait or the store is closing.
    func submit(_ write: any PendingWrite) {
        let refusal: StoreError? = queue.withLock { queue in
            guard !queue.isClosing else { return StoreError(.closed, "the store is closed") }
            guard queue.waiting.count < waitingLimit else {
                return StoreError(.busy, "\(waitingLimit) writes are waiting for the disk")
            }
            queue.waiting.append(write)
            return nil
        }
        if let refusal {
            write.refuse(refusal)
        } else {
            queue.announce()
        }
    }

    /// Commits what waits until the store closes and nothing waits any more. Only on the writer's thread.
    func run() {
        let committer = BatchCommitter(environment: environment)
        var commits = 0
        while let batch = nextBatch() {
            committer.commit(batch)
            commits += 1
            if commits.isMultiple(of: Self.commitsBetweenReaderChecks) { environment.clearStaleReaders() }
        }
    }

    private func nextBatch() -> [any PendingWrite]? {
        queue.withLock(when: { $0.isClosing || !$0.waiting.isEmpty }) { queue in
            guard !queue.waiting.isEmpty else { return nil }
            let batch = Array(queue.waiting.prefix(batchLimit))
            queue.waiting.removeFirst(batch.count)
            return batch
        }
    }

    /// Refuses writes from now on.
    func beginClosing() {
        queue.withLock { $0.isClosing = true }
        queue.announce()
    }

    /// Says that everything is closed.
    func end() {
        queue.withLock { $0.hasEnded = true }
        queue.announce()
    }

    func waitForEnd() {
        queue.withLock(when: { $0.hasEnded }) { _ in }
    }
}
