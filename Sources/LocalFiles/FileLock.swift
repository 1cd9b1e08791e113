#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// An exclusive lock between processes, on a file that has no other purpose. The lock ends when this object is
/// deallocated or the process ends.
package final class FileLock: Sendable {
    package let path: String
    private let descriptor: Int32

    /// Opens the lock file without taking the lock. If the file is missing, creates it with mode 0600.
    /// - Parameter owner: The new owner of a lock file that belongs to root, so that the service can open a lock file
    ///   created by a command that root ran. The owner changes only if the file is empty and has one hard link. `nil`
    ///   for no change.
    /// - Throws: `notRegular` if the path names a device or a pipe; `system` if a system call fails, for example
    ///   because the path is a symbolic link or the directory is missing.
    package init(path: String, owner: PrivateFile.Owner? = nil) throws(LocalFileError) {
        let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw LocalFileError(.create, path) }
        self.path = path
        self.descriptor = descriptor
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { throw LocalFileError(.open, path) }
        guard status.st_mode & S_IFMT == S_IFREG else { throw LocalFileError(.notRegular, path: path) }
        // The owner of the directory may have put a hard link to another file of root at this path. Giving that file
        // away would reveal it. Therefore the file must be empty and have only one link.
        if let owner, status.st_uid == 0, status.st_nlink == 1, status.st_size == 0,
            fchown(descriptor, owner.user, owner.group) != 0
        {
            throw LocalFileError(.handOver, path)
        }
    }

    deinit {
        // Unlock explicitly, because closing does not release the lock while a child process between fork and exec
        // shares the descriptor.
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

    /// Whether the lock file is still at ``path``; `false` if it was removed or replaced after it was opened.
    package var isInPlace: Bool {
        var (own, found) = (stat(), stat())
        return unsafe fstat(descriptor, &own) == 0 && stat(path, &found) == 0
            && own.st_dev == found.st_dev && own.st_ino == found.st_ino
    }
}
