import SignetStore

#if canImport(Darwin)
    import Darwin
#else
    import Glibc
#endif

/// The thread that commits writes. It is not a thread of Swift's cooperative pool, because it blocks while it waits for
/// the disk.
enum WriterThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a new, detached thread.
    /// - Throws: ``StoreError/Code/failure`` if the system cannot create a thread.
    static func start(_ body: @escaping @Sendable () -> Void) throws(StoreError) {
        let work = unsafe Unmanaged.passRetained(Work(body))
        #if canImport(Darwin)
            var thread: pthread_t?
        #else
            var thread = pthread_t()
        #endif
        let code = unsafe pthread_create(
            &thread, nil,
            { argument in
                #if canImport(Darwin)
                    let context: UnsafeMutableRawPointer? = unsafe argument
                #else
                    let context = unsafe argument
                #endif
                guard let context = unsafe context else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard code == 0 else {
            unsafe work.release()
            throw StoreError(.failure, "start the store's writer thread: \(LMDBCode(rawValue: code))")
        }
        #if canImport(Darwin)
            if let thread { pthread_detach(thread) }
        #else
            pthread_detach(thread)
        #endif
    }
}
