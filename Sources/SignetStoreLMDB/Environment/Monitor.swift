#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// A value behind a lock, with a condition that threads can wait for.
@safe
final class Monitor<State>: @unchecked Sendable {
    // Unchecked: `state` is only touched while `mutex` is held, and the two pointers never change.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var state: State

    init(_ state: State) {
        self.state = state
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe changed.initialize(to: pthread_cond_t())
        let code = unsafe pthread_mutex_init(mutex, nil) | pthread_cond_init(changed, nil)
        precondition(code == 0, "the system has no lock to give")
    }

    deinit {
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(mutex)
        unsafe changed.deallocate()
        unsafe mutex.deallocate()
    }

    /// Runs `body` on the value, alone.
    func withLock<Result, Failure: Error>(_ body: (inout State) throws(Failure) -> Result) throws(Failure) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try body(&state)
    }

    /// Waits until `condition` holds of the value, then runs `body` on it, alone.
    ///
    /// Whoever makes the condition true calls ``announce()``.
    func withLock<Result, Failure: Error>(
        when condition: (State) -> Bool, _ body: (inout State) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while !condition(state) { unsafe pthread_cond_wait(changed, mutex) }
        return try body(&state)
    }

    /// Lets everyone who waits look at the value again.
    func announce() {
        unsafe pthread_cond_broadcast(changed)
    }
}
