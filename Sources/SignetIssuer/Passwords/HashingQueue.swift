import Glibc
import Synchronization

/// A bounded first-in-first-out queue for hashing jobs. A thread that takes a job blocks until there is one.
///
/// `PasswordHasher` and its threads share the queue. The threads do not refer to the hasher, so it can be deallocated
/// while they wait for a job.
@safe
final class HashingQueue: @unchecked Sendable {
    // Why the queue may be `@unchecked Sendable`: a mutex guards the state, the semaphore pointer is constant, and
    // POSIX semaphores allow calls from any thread.
    private struct State {
        var jobs: [HashingJob] = []
        var isClosed = false
    }

    private let limit: Int
    private let state = Mutex(State())
    private let metrics: HashingMetrics
    private let available: UnsafeMutablePointer<sem_t>

    init(limit: Int, metrics: HashingMetrics) {
        self.limit = limit
        self.metrics = metrics
        unsafe available = .allocate(capacity: 1)
        unsafe sem_init(available, 0, 0)
    }

    deinit {
        unsafe sem_destroy(available)
        unsafe available.deallocate()
    }

    /// Number of jobs in the queue.
    var count: Int { state.withLock { $0.jobs.count } }

    /// Appends `job`, unless the job was already cancelled.
    /// - Returns: `false` if the queue is full or closed.
    func append(_ job: HashingJob) -> Bool {
        let admission: Admission = state.withLock { state in
            // Check the job inside the lock. A job that is cancelled after this check is removed from the queue after
            // it was appended, so no cancelled job stays in the queue.
            guard job.isWaiting else { return .unnecessary }
            guard !state.isClosed, state.jobs.count < limit else { return .refused }
            state.jobs.append(job)
            // The metric counts the job inside the lock. Otherwise a thread could take the job before it is counted.
            metrics.joinedQueue()
            return .appended
        }
        switch admission {
        case .appended: unsafe sem_post(available)
        case .unnecessary: break
        case .refused: metrics.queueWasFull()
        }
        return admission != .refused
    }

    private enum Admission {
        case appended
        /// The job was cancelled before.
        case unnecessary
        case refused
    }

    /// Removes `job` if it is still in the queue. A removed job no longer counts against the queue's limit.
    func remove(_ job: HashingJob) {
        let wasWaiting = state.withLock { state in
            guard let index = state.jobs.firstIndex(where: { $0 === job }) else { return false }
            state.jobs.remove(at: index)
            return true
        }
        if wasWaiting { metrics.leftQueue() }
    }

    /// Blocks the calling thread until there is a job. Returns `nil` once the queue is closed and empty.
    func next() -> HashingJob? {
        while true {
            // A Unix signal can end `sem_wait` early. If the queue is then empty, the loop calls `sem_wait` again.
            unsafe sem_wait(available)
            let (job, isClosed) = state.withLock { state in
                (state.jobs.isEmpty ? nil : state.jobs.removeFirst(), state.isClosed)
            }
            if let job {
                metrics.leftQueue()
                return job
            }
            if isClosed { return nil }
        }
    }

    /// Closes the queue to new jobs and wakes `threads` threads. Each thread ends when the queue is empty.
    func close(threads: Int) {
        state.withLock { $0.isClosed = true }
        for _ in 0..<threads { unsafe sem_post(available) }
    }
}

/// A job for the hashing threads. It runs at most once and can be cancelled until it starts.
final class HashingJob: Sendable {
    private enum State {
        case idle
        case waiting(CheckedContinuation<Void, any Error>)
        case finished
    }

    private let state = Mutex(State.idle)
    private let work: @Sendable () -> Void

    init(work: @escaping @Sendable () -> Void) { self.work = work }

    /// Stores the continuation. ``run()`` resumes it after the work.
    /// - Returns: `false` if the job was already cancelled. The continuation is then resumed at once with a
    ///   `CancellationError`.
    func wait(with continuation: CheckedContinuation<Void, any Error>) -> Bool {
        let waits = state.withLock { state in
            guard case .idle = state else { return false }
            state = .waiting(continuation)
            return true
        }
        if !waits { continuation.resume(throwing: CancellationError()) }
        return waits
    }

    /// Whether a task waits for the job, and the job has neither started nor been cancelled.
    var isWaiting: Bool {
        state.withLock { if case .waiting = $0 { true } else { false } }
    }

    /// Runs the job, then resumes the task that waits for it. Does nothing if the job was cancelled.
    func run() {
        guard let continuation = takeContinuation() else { return }
        work()
        continuation.resume()
    }

    /// Cancels the job: the task that waits for the job resumes and throws `error`. Does nothing if the job has
    /// started.
    func cancel(throwing error: any Error) {
        takeContinuation()?.resume(throwing: error)
    }

    private func takeContinuation() -> CheckedContinuation<Void, any Error>? {
        state.withLock { state in
            defer { state = .finished }
            guard case .waiting(let continuation) = state else { return nil }
            return continuation
        }
    }
}
