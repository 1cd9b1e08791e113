import SignetStore

/// The queue of waiting writes, and the loop that commits them in batches.
final class GroupCommitter: Sendable {
    private let queue = Monitor(Queue())
    private let environment: SharedEnvironment
    private let waitingLimit: Int
    private let batchLimit: Int
    private let longestPause: Duration
    private let metrics: StoreMetrics

    private struct Queue {
        var waiting: [any PendingWrite] = []
        /// The number of waiting writes at which the writer thread is woken.
        var awaited = 1
        var isClosing = false
        var hasEnded = false
    }

    /// The number of commits after which the writer frees the reader slots of killed processes again.
    private static let commitsBetweenReaderChecks = 1024

    /// Makes an empty queue of writes to `environment`. Call ``run()`` on the writer's thread to commit them.
    /// - Parameters:
    ///   - waitingLimit: the maximum number of writes that may wait for a commit.
    ///   - batchLimit: the maximum number of writes in one commit.
    ///   - longestPause: the longest time that the writer waits for more writes before a commit; see ``CommitPacing``.
    init(
        environment: SharedEnvironment, waitingLimit: Int, batchLimit: Int, longestPause: Duration,
        metrics: StoreMetrics
    ) {
        self.environment = environment
        self.waitingLimit = waitingLimit
        self.batchLimit = batchLimit
        self.longestPause = longestPause
        self.metrics = metrics
    }

    /// Queues a write. If the queue is full or the store is closing, refuses the write at once.
    func submit(_ write: any PendingWrite) {
        let (refusal, isAwaited) = queue.withLock { queue -> (StoreError?, Bool) in
            guard !queue.isClosing else { return (StoreError(.closed, "the store is closed"), false) }
            guard queue.waiting.count < waitingLimit else {
                return (
                    StoreError(.busy, "\(waitingLimit) writes are waiting for the disk already; try again later"), false
                )
            }
            queue.waiting.append(write)
            metrics.queued()
            return (nil, queue.waiting.count == queue.awaited)
        }
        if let refusal {
            metrics.refused(1, as: refusal.code)
            write.refuse(refusal)
        }
        if isAwaited { queue.announce() }
    }

    /// Commits waiting writes until the store is closing and the queue is empty. Call it only on the writer's thread.
    func run() {
        let committer = BatchCommitter(environment: environment, metrics: metrics)
        var pacing = CommitPacing(longestPause: longestPause)
        var extent: StoreExtent?
        metrics.update(&extent, to: environment.extent)
        var commits = 0
        while let batch = nextBatch(&pacing) {
            metrics.dequeued(batch.count)
            committer.commit(batch)
            metrics.update(&extent, to: environment.extent)
            commits += 1
            if commits.isMultiple(of: Self.commitsBetweenReaderChecks) { environment.clearStaleReaders() }
        }
    }

    private func nextBatch(_ pacing: inout CommitPacing) -> [any PendingWrite]? {
        let waiting = queue.withLock(when: { $0.isClosing || !$0.waiting.isEmpty }) { $0.waiting.count }
        let start = ContinuousClock.now
        if let (count, limit) = pacing.pause(waiting: waiting, at: start) {
            queue.withLock { $0.awaited = count }
            queue.wait(atMost: limit) { $0.isClosing || $0.waiting.count >= count }
        }
        let batch = queue.withLock { queue in
            queue.awaited = 1
            let batch = Array(queue.waiting.prefix(batchLimit))
            queue.waiting.removeFirst(batch.count)
            return batch
        }
        pacing.record(batch.count, from: start)
        return batch.isEmpty ? nil : batch
    }

    /// Makes the queue refuse all further writes. Writes that are already waiting are still committed.
    func beginClosing() {
        queue.withLock { $0.isClosing = true }
        queue.announce()
    }

    /// Tells the callers of ``waitForEnd()`` that the store is closed. Call it after the LMDB environment was closed.
    func end() {
        queue.withLock { $0.hasEnded = true }
        queue.announce()
    }

    /// Waits until another thread has called ``end()``.
    func waitForEnd() {
        queue.withLock(when: { $0.hasEnded }) { _ in }
    }
}
