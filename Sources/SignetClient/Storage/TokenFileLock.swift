import LocalFiles

/// The lock of a token file. Only one task of one process holds the lock at a time.
enum TokenFileLock {
    /// Waits for the lock without blocking a thread.
    ///
    /// - Returns: the lock, held until the last reference to it is released.
    /// - Throws: ``ClientError`` with `unavailable` if other processes hold the lock for `limit`, or with
    ///   `storageFailed` if the file cannot be created or locked. If the calling task is cancelled, throws the error of
    ///   `sleep`.
    static func acquire(
        path: String, within limit: Duration, now: () -> ContinuousClock.Instant = { .now },
        sleep: (Duration) async throws -> Void = { try await Task.sleep(for: $0) }
    ) async throws -> FileLock {
        let deadline = now() + limit
        var pause = Duration.milliseconds(5)
        var lock = try open(path)
        while true {
            let isTaken = try take(lock)
            if isTaken, lock.isInPlace { return lock }
            guard now() < deadline else {
                throw ClientError(.unavailable, "other processes have held \(path) for \(limit)")
            }
            if isTaken {
                // The lock file was removed after this process had opened it. Other processes lock the new file at this
                // path, so open the new file.
                lock = try open(path)
            } else {
                try await sleep(pause)
                pause = min(pause * 2, .milliseconds(100))
            }
        }
    }

    private static func open(_ path: String) throws(ClientError) -> FileLock {
        do { return try FileLock(path: path) } catch { throw ClientError(error) }
    }

    private static func take(_ lock: FileLock) throws(ClientError) -> Bool {
        do { return try lock.tryLock() } catch { throw ClientError(error) }
    }
}
