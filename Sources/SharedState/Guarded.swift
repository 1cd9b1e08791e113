#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// State that several tasks or threads share. This target contains no policy and no I/O.

/// A value behind a lock: one thread at a time uses the value.
///
/// `Guarded` works like `Synchronization.Mutex` but uses a `pthread_mutex_t`. The thread sanitizer understands only
/// `pthread_mutex_t`. It reports every contended `Mutex` as a race, and these false reports would hide a real race.
@safe
package final class Guarded<Value>: @unchecked Sendable {
    // `@unchecked Sendable` is safe: the value is used only while the mutex is held, and `sending` keeps references
    // from escaping.
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let value: UnsafeMutablePointer<Value>

    /// Takes ownership of `value`.
    package init(_ value: consuming sending Value) {
        unsafe self.value = .allocate(capacity: 1)
        unsafe self.value.initialize(to: value)
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        let result = unsafe pthread_mutex_init(mutex, nil)
        precondition(result == 0, "a mutex cannot be made (error \(result))")
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
        unsafe value.deinitialize(count: 1)
        unsafe value.deallocate()
    }

    /// Runs `body` with exclusive access to the value. `body` must be short and must not call `withLock` again.
    package func withLock<Result, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try unsafe body(&value.pointee)
    }
}
