#if canImport(Glibc)
    package import Glibc
#elseif canImport(Musl)
    package import Musl
#elseif canImport(Darwin)
    package import Darwin
#endif

/// A file of mode 0600 that is replaced in one step: a crash or a loss of power leaves the old content or the new one.
///
/// The new content is written to a draft beside the file, synced and renamed, and then the directory is synced. A crash may
/// leave the draft behind; the next write replaces it. One writer at a time: hold a ``FileLock``.
package struct PrivateFile: Sendable {
    /// The ending of a draft's name.
    package static let draftSuffix = ".new"

    /// The user and group that a new file is given to.
    package struct Owner: Sendable, Hashable {
        package let user: uid_t
        package let group: gid_t

        package init(user: uid_t, group: gid_t) {
            self.user = user
            self.group = group
        }

        /// The owner of the directory at `path`, if this process is root and so may give files away; otherwise `nil`.
        /// - Throws: `missing`, `system`.
        package static func ofDirectory(_ path: String) throws(LocalFileError) -> Owner? {
            guard geteuid() == 0 else { return nil }
            var status = stat()
            guard unsafe stat(path, &status) == 0 else { throw LocalFileError(.open, path) }
            return Owner(user: status.st_uid, group: status.st_gid)
        }
    }

    package let path: String

    package init(path: String) { self.path = path }

    /// Replaces the content. Durable when this returns.
    /// - Parameter owner: who owns the file; `nil` leaves it to this process's user.
    /// - Throws: `system`. The old content is still there, or the new content is there and
    ///   a loss of power may undo it because only the directory could not be synced.
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

    /// Removes the file if it exists. Durable when this returns.
    /// - Throws: `system`. The file is still there, or it is gone and a loss of power may bring it back because only the
    ///   directory could not be synced.
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
    /// The directory that holds `path`: `.` for a bare name, `/` for an entry of the root. Slashes at the end do not count.
    package static func containing(_ path: String) -> String {
        var name = path[...]
        while name.count > 1, name.last == "/" { name.removeLast() }
        guard let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == name.startIndex ? "/" : String(name[..<slash])
    }

    /// Makes new, renamed and removed entries of the directory durable.
    /// - Throws: `missing`, `system`.
    package static func sync(_ path: String) throws(LocalFileError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw LocalFileError(.open, path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw LocalFileError(.sync, path) }
    }

    /// Makes the entry at `path` durable: syncs the directory that holds it.
    /// - Throws: as ``sync(_:)``.
    package static func sync(containing path: String) throws(LocalFileError) { try sync(containing(path)) }
}
