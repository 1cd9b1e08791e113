#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An exclusive lock between processes, held until the last reference goes.
final class FileLock: Sendable {
    private let path: String
    private let descriptor: Int32

    private init(path: String) throws(ClientError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw ClientError(.storageFailed, "cannot create \(path) (errno \(errno))")
        }
        self.path = path
        self.descriptor = descriptor
    }

    deinit {
        // A process that is started meanwhile shares the lock until it runs its own program: closing is not enough.
        _ = flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Waits for the lock without holding a thread.
    ///
    /// - Throws: ``ClientError`` with `unavailable` when `limit` is over, with `storageFailed` when the file cannot be
    ///   made or locked; or the error of a task that was cancelled.
    static func acquire(
        path: String, within limit: Duration, now: () -> ContinuousClock.Instant = { .now },
        sleep: (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) async throws -> FileLock {
        let deadline = now() + limit
        var pause = Duration.milliseconds(5)
        var lock = try FileLock(path: path)
        while true {
            let isTaken = try lock.take()
            if isTaken, lock.isInPlace { return lock }
            guard now() < deadline else {
                throw ClientError(.unavailable, "other processes have held \(path) for \(limit)")
            }
            if isTaken {
                // Somebody removed the file meanwhile: others make, and lock, another one.
                lock = try FileLock(path: path)
            } else {
                try await sleep(pause)
                pause = min(pause * 2, .milliseconds(100))
            }
        }
    }

    /// Takes the lock, unless somebody else has it.
    private func take() throws(ClientError) -> Bool {
        guard flock(descriptor, LOCK_EX | LOCK_NB) != 0 else { return true }
        guard errno == EWOULDBLOCK || errno == EINTR else {
            throw ClientError(.storageFailed, "cannot lock \(path) (errno \(errno))")
        }
        return false
    }

    /// Whether the file that was locked is the one that others find under its name.
    private var isInPlace: Bool {
        var (own, found) = (stat(), stat())
        return unsafe fstat(descriptor, &own) == 0 && stat(path, &found) == 0
            && own.st_dev == found.st_dev && own.st_ino == found.st_ino
    }
}
