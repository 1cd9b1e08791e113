#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A value that a lock protects. A thread can wait until another thread has changed the value.
@safe
final class Monitor<State>: @unchecked Sendable {
    // Why `@unchecked Sendable` is safe: `state` is used only while `mutex` is held, and both pointers never change.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var state: State

    init(_ state: State) {
        self.state = state
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe changed.initialize(to: pthread_cond_t())
        let code = unsafe pthread_mutex_init(mutex, nil) | Self.makeCondition(changed)
        precondition(code == 0, "the system could not create a lock")
    }

    /// Makes a condition variable whose time limits use the monotonic clock. Darwin needs no setting for that, because
    /// `wait(for:)` passes a relative time limit there. Returns 0 or an errno value.
    private static func makeCondition(_ condition: UnsafeMutablePointer<pthread_cond_t>) -> CInt {
        #if canImport(Darwin)
            return unsafe pthread_cond_init(condition, nil)
        #else
            var attributes = pthread_condattr_t()
            let code = unsafe pthread_condattr_init(&attributes)
            guard code == 0 else { return code }
            defer { unsafe pthread_condattr_destroy(&attributes) }
            return unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
                | pthread_cond_init(condition, &attributes)
        #endif
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(mutex)
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    /// Runs `body` on the value while no other thread can use it.
    func withLock<Result, Failure: Error>(_ body: (inout State) throws(Failure) -> Result) throws(Failure) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body(&state)
    }

    /// Waits until the value meets `condition`, then runs `body` on it while no other thread can use it.
    ///
    /// A thread that changes the value so that `condition` becomes true must call ``announce()`` afterwards.
    func withLock<Result, Failure: Error>(
        when condition: (State) -> Bool, _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while !condition(state) { unsafe pthread_cond_wait(changed, mutex) }
        return try body(&state)
    }

    /// Waits until the value meets `condition`, or until the time `limit` has passed.
    func wait(atMost limit: Duration, until condition: (State) -> Bool) {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        let end = ContinuousClock.now + limit
        while !condition(state), case let left = end - ContinuousClock.now, left > .zero {
            wait(for: left)
        }
    }

    /// Waits until another thread calls ``announce()``, or until `time` has passed on the monotonic clock.
    private func wait(for time: Duration) {
        let nanoseconds = time.components.seconds * 1_000_000_000 + time.components.attoseconds / 1_000_000_000
        #if canImport(Darwin)
            var limit = timespec(tv_sec: Int(nanoseconds / 1_000_000_000), tv_nsec: Int(nanoseconds % 1_000_000_000))
            unsafe pthread_cond_timedwait_relative_np(changed, mutex, &limit)
        #else
            var end = timespec()
            unsafe clock_gettime(CLOCK_MONOTONIC, &end)
            let sum = Int64(end.tv_nsec) + nanoseconds
            end.tv_sec += Int(sum / 1_000_000_000)
            end.tv_nsec = Int(sum % 1_000_000_000)
            unsafe pthread_cond_timedwait(changed, mutex, &end)
        #endif
    }

    /// Wakes all threads that wait for a change of the value, so that they check their conditions again.
    func announce() {
        unsafe pthread_cond_broadcast(changed)
    }
}
