#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An exclusive lock between processes, held on a file that serves only as the lock. The lock is released when the last
/// reference to this object is released, at the latest when the process ends.
package final class FileLock: Sendable {
    package let path: String
    private let descriptor: Int32

    /// Opens the lock file. If the file is missing, creates it with mode 0600. This does not take the lock.
    /// - Parameter owner: The new owner of the lock file; `nil` for no change. The owner changes only if the file
    ///   belongs to root, is empty and has one name. The service can then open a lock file that a command run by root
    ///   created.
    /// - Throws: `notRegular` if the path names a device or a pipe; `system` if a system call fails, for example for a
    ///   symbolic link or in a missing directory.
    package init(path: String, owner: PrivateFile.Owner? = nil) throws(LocalFileError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw LocalFileError(.create, path) }
        self.path = path
        self.descriptor = descriptor
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw LocalFileError(.open, path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw LocalFileError(.notRegular, path: path) }
        // The directory's owner may have made a hard link at this path to another file of root. Therefore change the
        // owner only of an empty file with one name. Such a file contains no secret.
        if let owner, status.st_uid == 0, status.st_nlink == 1, status.st_size == 0,
            fchown(descriptor, owner.user, owner.group) != 0
        {
            throw LocalFileError(.handOver, path)
        }
    }

    deinit {
        // Unlock before closing. A child process shares the lock between fork and exec, so closing alone would not
        // release it.
        _ = flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Takes the lock if no other process holds it. Does not wait.
    /// - Returns: `true` if this object holds the lock now; `false` if another process holds it.
    /// - Throws: `system` if `flock` fails for another reason.
    package func tryLock() throws(LocalFileError) -> Bool {
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return false }
            guard errno == EINTR else { throw LocalFileError(.lock, path) }
        }
        return true
    }

    /// Waits for the lock without a time limit. The wait blocks the thread.
    /// - Throws: `system` if `flock` fails.
    package func lock() throws(LocalFileError) {
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw LocalFileError(.lock, path) }
        }
    }

    /// Whether the path still leads to the opened lock file. `false` if the lock file was removed or replaced.
    package var isInPlace: Bool {
        var (own, found) = (stat(), stat())
        return unsafe fstat(descriptor, &own) == 0 && stat(path, &found) == 0
            && own.st_dev == found.st_dev && own.st_ino == found.st_ino
    }
}
