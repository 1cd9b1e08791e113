#if canImport(Glibc)
    package import Glibc
#elseif canImport(Musl)
    package import Musl
#elseif canImport(Darwin)
    package import Darwin
#endif

/// A file of mode 0600 whose content is replaced atomically. After a crash or a power loss, the file has either the old
/// or the new content.
///
/// A write creates a draft (a temporary file in the same directory), syncs the draft, renames it to the file's name,
/// and syncs the directory. A crash may leave the draft behind; the next write replaces it. Only one writer at a time
/// is allowed, so hold a ``FileLock`` while writing.
package struct PrivateFile: Sendable {
    /// The name of the draft is the name of the file with this suffix.
    package static let draftSuffix = ".new"

    /// The user and group that own a file.
    package struct Owner: Sendable, Hashable {
        package let user: uid_t
        package let group: gid_t

        package init(user: uid_t, group: gid_t) {
            self.user = user
            self.group = group
        }

        /// The owner of the directory at `path` if this process runs as root. Otherwise `nil`, because only root may
        /// change a file's owner.
        /// - Throws: `missing` if the directory does not exist; `system` if its owner cannot be read.
        package static func ofDirectory(_ path: String) throws(LocalFileError) -> Owner? {
            guard geteuid() == 0 else { return nil }
            var status = stat()
            guard unsafe stat(path, &status) == 0 else { throw LocalFileError(.open, path) }
            return Owner(user: status.st_uid, group: status.st_gid)
        }
    }

    package let path: String

    package init(path: String) { self.path = path }

    /// Replaces the content of the file. When this returns, the new content survives a power loss.
    /// - Parameter owner: The new owner of the file; `nil` for the user of this process.
    /// - Throws: `system` if a system call fails. The file then has the old content, or the new content without a
    ///   synced directory. Without the sync, a power loss may restore the old content.
    package func write(_ bytes: [UInt8], owner: Owner? = nil) throws(LocalFileError) {
        let draft = path + Self.draftSuffix
        _ = unsafe unlink(draft)
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw LocalFileError(.create, draft) }
        do {
            try Self.fill(descriptor, with: bytes, owner: owner, path: draft)
        } catch {
            close(descriptor)
            _ = unsafe unlink(draft)
            throw error
        }
        close(descriptor)
        guard unsafe rename(draft, path) == 0 else {
            let error = LocalFileError(.write, path)
            _ = unsafe unlink(draft)
            throw error
        }
        try Directory.sync(containing: path)
    }

    /// Removes the file if it exists. When this returns, the removal survives a power loss.
    /// - Throws: `system` if a system call fails. The file then still exists, or it is removed without a synced
    ///   directory. Without the sync, a power loss may restore the file.
    package func remove() throws(LocalFileError) {
        guard unsafe unlink(path) == 0 else {
            if errno == ENOENT { return }
            throw LocalFileError(.remove, path)
        }
        try Directory.sync(containing: path)
    }

    private static func fill(
        _ descriptor: Int32, with bytes: [UInt8], owner: Owner?, path: String
    ) throws(LocalFileError) {
        if let owner, fchown(descriptor, owner.user, owner.group) != 0 { throw LocalFileError(.handOver, path) }
        guard writeAll(bytes, to: descriptor) else { throw LocalFileError(.write, path) }
        guard fsync(descriptor) == 0 else { throw LocalFileError(.sync, path) }
    }
}

/// Operations on a directory.
package enum Directory {
    /// The directory part of `path`: `.` if `path` is a name without slashes, `/` for a file in the root directory.
    /// Slashes at the end of `path` are ignored.
    package static func containing(_ path: String) -> String {
        var name = path[...]
        while name.count > 1, name.last == "/" { name.removeLast() }
        guard let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == name.startIndex ? "/" : String(name[..<slash])
    }

    /// Syncs the directory at `path`, so that its new, renamed and removed entries survive a power loss.
    /// - Throws: `missing` if the directory does not exist; `system` if it cannot be opened or synced.
    package static func sync(_ path: String) throws(LocalFileError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LocalFileError(.open, path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw LocalFileError(.sync, path) }
    }

    /// Syncs the directory that contains `path`, so that the entry at `path` survives a power loss.
    /// - Throws: `missing` if the directory does not exist; `system` if it cannot be opened or synced.
    package static func sync(containing path: String) throws(LocalFileError) { try sync(containing(path)) }
}
