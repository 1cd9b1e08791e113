#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// Marks the thread as being inside a store's closure.
///
/// A read inside a read, or inside a write, would wait for ever if the map had to be resized between the two. It is a
/// mistake in the program and stops it, always and not only then.
@safe
struct ThreadMark {
    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        let code = unsafe pthread_key_create(&key, nil)
        precondition(code == 0, "the system has no thread-local key to give")
        return key
    }()

    private let outer: UnsafeMutableRawPointer?

    /// Marks the thread until ``leave()``.
    init(entering environment: SharedEnvironment) {
        let mark = unsafe Unmanaged.passUnretained(environment).toOpaque()
        unsafe outer = pthread_getspecific(Self.key)
        precondition(unsafe outer != mark, "a store was used inside a closure that it was running")
        unsafe pthread_setspecific(Self.key, mark)
    }

    func leave() {
        unsafe pthread_setspecific(Self.key, outer)
    }
}
