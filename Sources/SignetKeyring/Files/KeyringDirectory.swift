import Glibc
import LocalFiles

// Code in this folder reads and writes the files of a keyring: the directory, the formats of key files, and the
// passphrase that encrypts key files. Code here must not decide which keys exist, or which key signs.

/// Reads and writes the files in the directory of a keyring. Checks their owners and permissions, and syncs every
/// written file to disk.
struct KeyringDirectory: Sendable {
    /// The permissions that a file may have.
    enum Access {
        /// Only the owner may read or write the file.
        case secret
        /// Other users may read the file.
        case readable

        var forbidden: UInt32 { self == .secret ? 0o077 : 0o022 }
        var recommended: String { self == .secret ? "600" : "644" }
    }

    /// The maximum size of a file: 256 KiB.
    static let maximumFileSize = 262_144
    private static let lockName = ".lock"

    let path: String
    /// Receives notices for the operator about the directory.
    var notify: @Sendable (KeyringNotice) -> Void = { _ in }
    /// The time to wait for the directory's lock before the operator gets the notice ``KeyringNotice/waiting(lock:)``.
    var patience = Duration.seconds(2)

    /// The path of a file in the directory.
    func path(of name: String) -> String { "\(path)/\(name)" }

    // MARK: - The directory

    /// Creates the directory and its parents if they do not exist, with mode 0700. The new directories survive a power
    /// failure only after ``syncPath()``.
    /// - Throws: `inaccessible` if the directory cannot be created or opened; `insecureMode` if other users may write
    ///   to it.
    func prepare() throws(KeyringError) {
        try Self.createIfAbsent(path)
        try check()
    }

    private static func createIfAbsent(_ path: String) throws(KeyringError) {
        if unsafe mkdir(path, 0o700) == 0 || errno == EEXIST { return }
        let parent = Directory.containing(path)
        guard errno == ENOENT, parent != "/", parent != "." else { throw cannotCreate(path) }
        try createIfAbsent(parent)
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw cannotCreate(path) }
    }

    /// Syncs the directory and its parents to disk. Call this for an existing directory too, because the process that
    /// created it may have been killed before it synced it. Without the sync, a power failure could remove the keys
    /// while the accounts in the store survive.
    func syncPath() throws(KeyringError) {
        try Self.translating { () throws(LocalFileError) in
            try Directory.sync(path)
            var entry = path
            while entry != "/", entry != "." {
                let parent = Directory.containing(entry)
                // Signet can read every directory that it creates. A parent that it cannot read existed before, and
                // needs no sync.
                guard unsafe access(parent, R_OK) == 0 else { return }
                try Directory.sync(parent)
                entry = parent
            }
        }
    }

    private static func cannotCreate(_ path: String) -> KeyringError {
        KeyringError(.inaccessible, LocalFileError(.system(.create, errno: errno), path: path).description)
    }

    /// Checks that only the owner of the directory can replace `keyring.json`. If the group may write to the directory,
    /// as with umask 002, removes that permission.
    /// - Throws: `missing` if the directory does not exist; `inaccessible` if it cannot be read or is not a directory;
    ///   `insecureMode` if every user may write to it, or if the group's write permission cannot be removed.
    func check() throws(KeyringError) {
        let status = try status()
        guard status.st_mode & S_IFMT == S_IFDIR else { throw .notADirectory(path) }
        guard status.st_mode & 0o002 == 0 else {
            throw KeyringError(.insecureMode, "all users can write to \(path): run chmod 700 \(path)")
        }
        guard status.st_mode & 0o020 != 0 else { return }
        guard unsafe chmod(path, status.st_mode & 0o7755) == 0 else {
            throw KeyringError(.insecureMode, "members of the group can write to \(path): run chmod go-w \(path)")
        }
        notify(.tightened(directory: path))
    }

    private func status() throws(KeyringError) -> stat {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            if errno == ENOENT { throw .missing(path) }
            throw KeyringError(.inaccessible, LocalFileError(.system(.open, errno: errno), path: path).description)
        }
        return status
    }

    /// The names of all files in the directory.
    func names() throws(KeyringError) -> [String] {
        guard let directory = unsafe opendir(path) else {
            throw KeyringError(.inaccessible, LocalFileError(.system(.read, errno: errno), path: path).description)
        }
        defer { unsafe _ = closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            let name = unsafe withUnsafePointer(to: entry.pointee.d_name) { tuple in
                unsafe tuple.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            names.append(name)
        }
        return names
    }

    // MARK: - Files

    /// Reads a whole file of the directory; `nil` if the file does not exist.
    /// - Parameter acceptsAnyOwner: if `false`, the owner of the file must be root, this process's user or the owner of
    ///   the directory. If `true`, any user may own the file.
    /// - Throws: `insecureMode` if the file has a wrong owner or permissions (the message names the command that
    ///   corrects them); `corrupt` if it is larger than 256 KiB; `inaccessible` if it cannot be read.
    func read(_ name: String, _ access: Access, acceptsAnyOwner: Bool = false) throws(KeyringError) -> [UInt8]? {
        let owner = try status().st_uid
        return try Self.read(file: path(of: name), access, directoryOwner: acceptsAnyOwner ? nil : owner)
    }

    /// Reads a whole file at any path; `nil` if the file does not exist.
    /// - Parameter directoryOwner: a user who may own the file, besides root and this process's user; `nil` if every
    ///   user may own the file.
    static func read(file: String, _ access: Access, directoryOwner: uid_t? = nil) throws(KeyringError) -> [UInt8]? {
        do {
            let content = try ReadableFile(path: file)
            guard content.permissions & access.forbidden == 0 else {
                let danger = access == .secret ? "read" : "change"
                throw KeyringError(
                    .insecureMode, "other users can \(danger) \(file): run chmod \(access.recommended) \(file)")
            }
            if let directoryOwner, ![directoryOwner, 0, geteuid()].contains(content.owner) {
                throw KeyringError(
                    .insecureMode,
                    """
                    \(file) belongs to user \(content.owner), who does not own the directory: if you trust the file, \
                    run chown \(directoryOwner) \(file)
                    """)
            }
            return try content.read(maximumBytes: maximumFileSize)
        } catch let error as LocalFileError {
            if error.code == .missing { return nil }
            throw Self.translation(of: error)
        } catch let error as KeyringError {
            throw error
        } catch {
            throw KeyringError(.inaccessible, "\(error)")
        }
    }

    /// Creates or replaces a file with mode 0600. When the call returns, the content survives a power failure. The
    /// caller must hold the directory's lock.
    ///
    /// If root writes the file, it gives the file to the owner of the directory, so that the service can read it.
    func write(_ bytes: [UInt8], to name: String) throws(KeyringError) {
        try Self.translating { () throws(LocalFileError) in
            try PrivateFile(path: path(of: name)).write(bytes, owner: try PrivateFile.Owner.ofDirectory(path))
        }
    }

    /// Removes a file if it exists. The caller must hold the directory's lock.
    func remove(_ name: String) throws(KeyringError) {
        try Self.translating { () throws(LocalFileError) in try PrivateFile(path: path(of: name)).remove() }
    }

    /// Whether `name` is the name of a key file, or of a draft: the half-written new content of a key file or of
    /// `keyring.json`.
    static func isKeyFileOrDraft(_ name: String) -> Bool {
        PrivateKeyFile(name: name) != nil || RefreshSecretFile.Name(name) != nil || isDraft(name)
    }

    private static func isDraft(_ name: String) -> Bool {
        guard name.hasSuffix(PrivateFile.draftSuffix) else { return false }
        let file = String(name.dropLast(PrivateFile.draftSuffix.count))
        return file == KeyringDocument.fileName || PrivateKeyFile(name: file) != nil
            || RefreshSecretFile.Name(file) != nil
    }

    /// Removes the files among `names` that are drafts (half-written files that a crash left behind). The caller must
    /// hold the directory's lock.
    func removeDrafts(among names: [String]) {
        for name in names where Self.isDraft(name) { try? remove(name) }
    }

    /// Identifies the current content of a file, without reading it; `nil` if the file does not exist.
    func fingerprint(of name: String) -> FileFingerprint? { FileFingerprint(path: path(of: name)) }

    // MARK: - The lock

    /// Runs `body` while this process holds the directory's lock; returns `nil` at once if another process holds the
    /// lock.
    func withLockIfFree<Result>(_ body: () throws(KeyringError) -> Result) throws(KeyringError) -> Result? {
        let lock = try openLock()
        defer { withExtendedLifetime(lock) {} }
        guard try Self.translating({ () throws(LocalFileError) in try lock.tryLock() }) else { return nil }
        return try body()
    }

    /// Waits for the directory's lock, then runs `body`. The lock is released even if the process crashes.
    func withLock<Result>(_ body: () throws(KeyringError) -> Result) throws(KeyringError) -> Result {
        let lock = try openLock()
        defer { withExtendedLifetime(lock) {} }
        // Try the lock without blocking for the time `patience`, because the blocking call has no time limit and could
        // not report that this process waits.
        let end = ContinuousClock.now + patience
        while try !Self.translating({ () throws(LocalFileError) in try lock.tryLock() }) {
            guard ContinuousClock.now >= end else {
                _ = usleep(20_000)
                continue
            }
            notify(.waiting(lock: lock.path))
            try Self.translating { () throws(LocalFileError) in try lock.lock() }
            break
        }
        return try body()
    }

    private func openLock() throws(KeyringError) -> FileLock {
        try Self.translating { () throws(LocalFileError) in
            try FileLock(path: path(of: Self.lockName), owner: try PrivateFile.Owner.ofDirectory(path))
        }
    }

    // MARK: - Errors

    private static func translating<Result>(
        _ operation: () throws(LocalFileError) -> Result
    ) throws(KeyringError) -> Result {
        do {
            return try operation()
        } catch {
            throw translation(of: error)
        }
    }

    private static func translation(of error: LocalFileError) -> KeyringError {
        if case .tooLarge = error.code { return KeyringError(.corrupt, "\(error), more than any file of a keyring") }
        return KeyringError(.inaccessible, error.description)
    }
}
