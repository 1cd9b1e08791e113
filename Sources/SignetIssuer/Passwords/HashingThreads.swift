import Glibc
import Synchronization

/// A fixed number of threads of low priority that run hashing jobs.
final class HashingThreads: Sendable {
    private static let niceness: Int32 = 10

    let count: Int
    private let queue: HashingQueue

    /// Starts `count` threads. When this object is deinitialised, the threads finish the waiting jobs and end.
    /// - Parameters:
    ///   - count: at least 1.
    ///   - queueLimit: maximum number of waiting jobs, at least 1.
    init(count: Int, queueLimit: Int, metrics: HashingMetrics = IssuerMetrics.none.hashing) {
        precondition(count > 0 && queueLimit > 0)
        self.count = count
        queue = HashingQueue(limit: queueLimit, metrics: metrics)
        for _ in 0..<count { Self.start(on: queue) }
    }

    deinit { queue.close(threads: count) }

    /// Number of jobs that wait for a thread.
    var waiting: Int { queue.count }

    /// Runs `work` on one of the threads. A task that is cancelled while it waits leaves the queue.
    /// - Returns: `nil` if the queue is full.
    /// - Throws: `CancellationError` if the task was cancelled before the work began.
    func run<Result: Sendable>(_ work: @escaping @Sendable () -> Result) async throws -> Result? {
        let result = OneShotResult<Result>()
        let job = HashingJob { result.set(work()) }
        do {
            try await withTaskCancellationHandler {
                try await withCheckedThrowingContinuation { continuation in
                    guard job.wait(with: continuation) else { return }
                    if !queue.append(job) { job.cancel(throwing: QueueIsFull()) }
                }
            } onCancel: {
                job.cancel(throwing: CancellationError())
                queue.remove(job)
            }
        } catch is QueueIsFull {
            return nil
        }
        return result.take()
    }

    private struct QueueIsFull: Error {}

    private static func start(on queue: HashingQueue) {
        var thread = pthread_t()
        let context = unsafe Unmanaged.passRetained(queue).toOpaque()
        let status = unsafe pthread_create(
            &thread, nil,
            { context in
                guard let context = unsafe context else { return nil }
                let queue = unsafe Unmanaged<HashingQueue>.fromOpaque(context).takeRetainedValue()
                HashingThreads.serve(queue)
                return nil
            }, context)
        precondition(status == 0, "a hashing thread cannot be started")
        pthread_detach(thread)
    }

    private static func serve(_ queue: HashingQueue) {
        // On Linux, PRIO_PROCESS with id 0 sets the priority of the calling thread alone.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, niceness)
        while let job = queue.next() { job.run() }
    }
}

/// Passes one result from the thread that computes it to the task that waits for it.
private final class OneShotResult<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)

    func set(_ newValue: Value) { value.withLock { $0 = newValue } }

    func take() -> Value? { value.withLock { $0.take() } }
}
