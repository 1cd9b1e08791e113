import Glibc
import Synchronization

/// A bounded first-in-first-out queue that plain threads wait on.
///
/// It is shared by the hasher and its threads, so that the threads never keep the hasher alive.
@safe
final class HashingQueue: @unchecked Sendable {
    // Sendable: `state` is a mutex, and the pointer never changes; POSIX allows any thread to post and wait on it.
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

    /// How many jobs wait.
    var count: Int { state.withLock { $0.jobs.count } }

    /// Appends `job`; returns `false` when the queue is full or closed.
    func append(_ job: HashingJob) -> Bool {
        let appended = state.withLock { state in
            guard !state.isClosed, state.jobs.count < limit else { return false }
            state.jobs.append(job)
            // In here, so that nobody has left before.
            metrics.joined()
            return true
        }
        guard appended else {
            metrics.turnedAway()
            return false
        }
        unsafe sem_post(available)
        return true
    }

    /// Takes `job` out, so that it no longer counts against the limit.
    func remove(_ job: HashingJob) {
        let wasWaiting = state.withLock { state in
            guard let place = state.jobs.firstIndex(where: { $0 === job }) else { return false }
            state.jobs.remove(at: place)
            return true
        }
        if wasWaiting { metrics.left() }
    }

    /// Blocks the calling thread until there is a job; `nil` once the queue is closed and empty.
    func next() -> HashingJob? {
        while true {
            // An interrupted wait returns early and finds nothing, which is harmless.
            unsafe sem_wait(available)
            let (job, isClosed) = state.withLock { state in
                (state.jobs.isEmpty ? nil : state.jobs.removeFirst(), state.isClosed)
            }
            if let job {
                metrics.left()
                return job
            }
            if isClosed { return nil }
        }
    }

    /// Lets `threads` waiting threads end once the jobs are done.
    func close(threads: Int) {
        state.withLock { $0.isClosed = true }
        for _ in 0..<threads { unsafe sem_post(available) }
    }
}
