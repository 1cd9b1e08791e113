#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An exclusive lock between processes on a file that exists for it alone. Released when the last reference goes, and by
/// the system when the process ends.
package final class FileLock: Sendable {
    package let path: String
    private let descriptor: Int32

    /// Opens the file, and creates it with mode 0600 if it is missing. The lock is not taken yet.
    /// - Parameter owner: who gets a file that belongs to root, is empty and has one name: a file that a command of root's
    ///   created must not keep the service out.
    /// - Throws: `notRegular`; `system`, also for a symbolic link and for a directory that does not exist.
    package init(path: String, owner: PrivateFile.Owner? = nil) throws(LocalFileError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw LocalFileError(.create, path) }
        self.path = path
        self.descriptor = descriptor
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw LocalFileError(.open, path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw LocalFileError(.notRegular, path: path) }
        // The directory's owner may have linked another file of root's to this name. An empty one gives nothing away.
        if let owner, status.st_uid == 0, status.st_nlink == 1, status.st_size == 0,
            fchown(descriptor, owner.user, owner.group) != 0
        {
            throw LocalFileError(.handOver, path)
        }
    }

    deinit {
        // A child process shares the lock between fork and exec, so closing would not release it.
        _ = flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Takes the lock if no other process holds it.
    /// - Returns: whether this object holds the lock now.
    /// - Throws: `system`.
    package func tryLock() throws(LocalFileError) -> Bool {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return false }
            guard errno == EINTR else { throw LocalFileError(.lock, path) }
        }
        return true
    }

    /// Waits for the lock, for any length of time. Blocks the thread.
    /// - Throws: `system`.
    package func lock() throws(LocalFileError) {
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw LocalFileError(.lock, path) }
        }
    }

    /// Whether other processes would open the same file: `false` once it was removed or replaced.
    package var isInPlace: Bool {
        var (own, found) = (stat(), stat())
        return unsafe fstat(descriptor, &own) == 0 && stat(path, &found) == 0
            && own.st_dev == found.st_dev && own.st_ino == found.st_ino
    }
}
