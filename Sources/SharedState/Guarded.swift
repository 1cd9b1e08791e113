#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

// This target holds types for state that several tasks or threads share. It does no I/O.

/// A value that only one thread at a time can use.
///
/// `Guarded` is like `Synchronization.Mutex`, but works with the thread sanitizer: it uses a `pthread_mutex_t`, which
/// the sanitizer understands. The sanitizer reports a false race for every contended `Mutex`, and these reports would
/// hide a real race.
@safe
package final class Guarded<Value>: @unchecked Sendable {
    // `@unchecked Sendable` is safe: only the thread that holds the mutex uses the value, and `sending` keeps
    // references to the value from escaping.
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

    /// Runs `body` with exclusive access to the value. `body` must be short and must not call `withLock` of the same
    /// object, because that would deadlock.
    package func withLock<Result, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return try unsafe body(&value.pointee)
    }
}
