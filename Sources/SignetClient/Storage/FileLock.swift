#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An exclusive lock between processes, held until the last reference goes.
final class FileLock: Sendable {
    private let descriptor: Int32

    private init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    /// Waits for the lock without holding a thread.
    ///
    /// - Throws: ``ClientError`` with `unavailable` when `limit` is over, with `storageFailed` when the file cannot be
    ///   made or locked; or the error of a task that was cancelled.
    static func acquire(path: String, within limit: Duration) async throws -> FileLock {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw ClientError(.storageFailed, "cannot create \(path) (errno \(errno))")
        }
        let lock = FileLock(descriptor: descriptor)
        let deadline = ContinuousClock.now + limit
        var pause = Duration.milliseconds(5)
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw ClientError(.storageFailed, "cannot lock \(path) (errno \(errno))")
            }
            guard ContinuousClock.now < deadline else {
                throw ClientError(.unavailable, "other processes have held \(path) for \(limit)")
            }
            try await Task.sleep(for: pause)
            pause = min(pause * 2, .milliseconds(100))
        }
        return lock
    }
}
