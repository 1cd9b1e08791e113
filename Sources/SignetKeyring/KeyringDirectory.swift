import Glibc
import LocalFiles

/// The directory that holds the keyring: the one place that reads and writes key files.
///
/// A file is replaced in one step: it is written beside its place, synced, renamed, and the directory is synced. What
/// a crash leaves behind is the old file or the new one, and perhaps a file whose name ends in `.new`.
struct KeyringDirectory: Sendable {
    /// Who but the owner may do what with a file.
    enum Access {
        /// Nobody may do anything.
        case secret
        /// Others may read.
        case readable

        var forbidden: mode_t { self == .secret ? 0o077 : 0o022 }
        var advice: String { self == .secret ? "600" : "644" }
    }

    /// No file of a keyring is larger: 256 KiB.
    static let maximumFileSize = 262_144
    private static let lockName = ".lock"
    private static let draftSuffix = ".new"
    /// For errors that a mistyped directory gets.
    static let whichDirectory = "is SIGNET_KEYS (--keys) right?"

    let path: String
    /// Is told what an operator should hear.
    var notify: @Sendable (KeyringNotice) -> Void = { _ in }
    /// How long to wait for the lock before saying so.
    var patience = Duration.seconds(2)

    /// Creates the directory, with mode 0700, and those above it unless they exist.
    /// - Throws: as ``check()``.
    func prepare() throws(KeyringError) {
        try createIfAbsent()
        try check()
    }

    private func createIfAbsent() throws(KeyringError) {
        if unsafe mkdir(path, 0o700) == 0 { return try syncParent() }
        if errno == EEXIST { return }
        guard errno == ENOENT, let parent, parent != "/" else { throw failure("create", path) }
        try KeyringDirectory(path: parent).createIfAbsent()
        guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure("create", path) }
        try syncParent()
    }

    /// The directory that holds this one; `nil` when that is the working directory.
    private var parent: String? {
        var name = path[...]
        while name.count > 1, name.last == "/" { name.removeLast() }
        guard let slash = name.utf8.lastIndex(of: UInt8(ascii: "/")) else { return nil }
        return slash == name.startIndex ? "/" : String(name[..<slash])
    }

    /// Makes the name of a new directory durable: without it, a power cut could take the keys and leave the store.
    private func syncParent() throws(KeyringError) {
        let parent = parent ?? "."
        let descriptor = unsafe open(parent, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", parent) }
        defer { _ = close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", parent) }
    }

    /// Sees to it that nobody but the owner can put another `keyring.json` in the place of the one that is there.
    ///
    /// Where members of the group can, as in a checkout made under umask 002, that is taken from them.
    /// - Throws: `missing`, `inaccessible`; `insecureMode` with the command that helps when everybody may write to the
    ///   directory, or members of the group may and only somebody else can change that.
    func check() throws(KeyringError) {
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw errno == ENOENT
                ? KeyringError(.missing, "there is no \(path): \(Self.whichDirectory)") : failure("look at", path)
        }
        guard status.st_mode & S_IFMT == S_IFDIR else {
            throw KeyringError(.inaccessible, "\(path) is no directory: \(Self.whichDirectory)")
        }
        guard status.st_mode & 0o002 == 0 else {
            throw KeyringError(.insecureMode, "everybody may write to \(path): run chmod 700 \(path)")
        }
        guard status.st_mode & 0o020 != 0 else { return }
        guard unsafe chmod(path, status.st_mode & 0o7755) == 0 else {
            throw KeyringError(.insecureMode, "members of the group may write to \(path): run chmod go-w \(path)")
        }
        notify(.tightened(directory: path))
    }

    /// The names of all files.
    func names() throws(KeyringError) -> [String] {
        guard let directory = unsafe opendir(path) else { throw failure("list", path) }
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

    /// The whole file; `nil` when there is none.
    /// - Parameter ofAnybody: whether it may belong to somebody who could not have changed the directory.
    /// - Throws: `insecureMode` with the command that helps, `corrupt` when it is too large, `inaccessible`.
    func read(_ name: String, _ access: Access, ofAnybody: Bool = false) throws(KeyringError) -> [UInt8]? {
        var directory = stat()
        guard unsafe stat(path, &directory) == 0 else { throw failure("look at", path) }
        return try Self.read(file: "\(path)/\(name)", access, in: ofAnybody ? nil : directory)
    }

    /// As the other, for a file anywhere.
    /// - Parameter directory: of a file that has to belong to the directory's owner, to root, or to this process's user.
    static func read(file: String, _ access: Access, in directory: stat? = nil) throws(KeyringError) -> [UInt8]? {
        // A pipe would have it wait for a writer.
        let descriptor = unsafe open(file, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure("read", file)
        }
        defer { _ = close(descriptor) }
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw KeyringError(.inaccessible, "\(file) is no regular file")
        }
        guard status.st_mode & access.forbidden == 0 else {
            let danger = access == .secret ? "read" : "change"
            throw KeyringError(.insecureMode, "others may \(danger) \(file): run chmod \(access.advice) \(file)")
        }
        if let directory, ![directory.st_uid, 0, geteuid()].contains(status.st_uid) {
            throw KeyringError(
                .insecureMode,
                """
                \(file) belongs to user \(status.st_uid), who does not own the directory: if it is the right one, run \
                chown \(directory.st_uid) \(file)
                """)
        }
        guard status.st_size <= maximumFileSize else {
            throw KeyringError(.corrupt, "\(file) is larger than any file of a keyring")
        }
        return try contents(of: descriptor, file)
    }

    /// Puts the file in its place, mode 0600, durable when this returns. Hold the lock.
    ///
    /// What root writes belongs to the owner of the directory: the service that has to read it.
    func write(_ bytes: [UInt8], to name: String) throws(KeyringError) {
        let file = "\(path)/\(name)"
        let draft = file + Self.draftSuffix
        _ = unsafe unlink(draft)
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("create", draft) }
        let written = handOver(descriptor) && Self.write(bytes, to: descriptor) && fsync(descriptor) == 0
        let error = errno
        _ = close(descriptor)
        guard written, unsafe rename(draft, file) == 0 else {
            errno = written ? errno : error
            let reason = failure("write", file)
            _ = unsafe unlink(draft)
            throw reason
        }
        try sync()
    }

    /// Whether a name is that of a file of a keyring that is being written.
    static func isDraft(_ name: String) -> Bool {
        guard name.hasSuffix(draftSuffix) else { return false }
        let file = String(name.dropLast(draftSuffix.count))
        return file == KeyringDocument.fileName || PrivateKeyFile(name: file) != nil
            || RefreshSecretFile.parse(name: file) != nil
    }

    /// Removes what a crash left of files that were being written. Hold the lock.
    func removeDrafts(among names: [String]) {
        for name in names where Self.isDraft(name) { _ = unsafe unlink("\(path)/\(name)") }
    }

    /// Removes a file, unless it is gone. Hold the lock.
    func remove(_ name: String) throws(KeyringError) {
        guard unsafe unlink("\(path)/\(name)") == 0 || errno == ENOENT else {
            throw failure("remove", "\(path)/\(name)")
        }
    }

    /// Tells whether a file was replaced since; `nil` when there is none.
    func stamp(of name: String) -> FileFingerprint? {
        var status = stat()
        guard unsafe stat("\(path)/\(name)", &status) == 0 else { return nil }
        return FileFingerprint(status)
    }

    /// As ``withLock(_:)``; returns `nil` at once when another process holds the lock.
    func withLockIfFree<Result>(_ body: () throws(KeyringError) -> Result) throws(KeyringError) -> Result? {
        let file = "\(path)/\(Self.lockName)"
        let descriptor = try openLock(file)
        defer { Self.release(descriptor) }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EWOULDBLOCK { return nil }
            guard errno == EINTR else { throw failure("lock", file) }
        }
        return try body()
    }

    /// Runs `body` while no other process does the same. The lock goes with the process, however it ends.
    func withLock<Result>(_ body: () throws(KeyringError) -> Result) throws(KeyringError) -> Result {
        let file = "\(path)/\(Self.lockName)"
        let descriptor = try openLock(file)
        defer { Self.release(descriptor) }
        // Waiting for a lock knows no time limit: before that is said, it is tried again and again.
        let end = ContinuousClock.now + patience
        var isPatient = true
        while flock(descriptor, isPatient ? LOCK_EX | LOCK_NB : LOCK_EX) != 0 {
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else { throw failure("lock", file) }
            guard ContinuousClock.now >= end else {
                _ = usleep(20_000)
                continue
            }
            isPatient = false
            notify(.waiting(lock: file))
        }
        return try body()
    }

    private func openLock(_ file: String) throws(KeyringError) -> Int32 {
        let descriptor = unsafe open(file, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0o600)
        guard descriptor >= 0 else { throw failure("create", file) }
        var status = stat()
        // Whoever owns the directory may have put another file of root's here; an empty one gives nothing away.
        guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            _ = close(descriptor)
            throw KeyringError(.inaccessible, "\(file) is no regular file")
        }
        if status.st_uid == 0, status.st_nlink == 1, status.st_size == 0, !handOver(descriptor) {
            let reason = failure("hand over", file)
            _ = close(descriptor)
            throw reason
        }
        return descriptor
    }

    /// A process that is started meanwhile shares the lock until it runs its own program: closing would not be enough.
    private static func release(_ descriptor: Int32) {
        _ = flock(descriptor, LOCK_UN)
        _ = close(descriptor)
    }

    /// Gives a file that root made to the owner of the directory.
    private func handOver(_ descriptor: Int32) -> Bool {
        guard geteuid() == 0 else { return true }
        var status = stat()
        guard unsafe stat(path, &status) == 0 else { return false }
        return fchown(descriptor, status.st_uid, status.st_gid) == 0
    }

    private func sync() throws(KeyringError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("open", path) }
        defer { _ = close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("sync", path) }
    }

    private static func contents(of descriptor: Int32, _ file: String) throws(KeyringError) -> [UInt8] {
        var contents: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            let count = unsafe Glibc.read(descriptor, &chunk, chunk.count)
            if count == 0 { return contents }
            guard count > 0 else {
                if errno == EINTR { continue }
                throw failure("read", file)
            }
            contents += chunk[..<count]
            guard contents.count <= maximumFileSize else {
                throw KeyringError(.corrupt, "\(file) is larger than any file of a keyring")
            }
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        unsafe bytes.withUnsafeBytes { buffer in
            var offset = 0
            while offset < buffer.count {
                let count = unsafe Glibc.write(
                    descriptor, buffer.baseAddress?.advanced(by: offset), buffer.count - offset)
                if count < 0 && errno != EINTR { return false }
                offset += max(0, count)
            }
            return true
        }
    }

    private static func failure(_ step: String, _ file: String) -> KeyringError {
        let reason = unsafe String(cString: strerror(errno))
        return KeyringError(.inaccessible, "cannot \(step) \(file): \(reason)")
    }

    private func failure(_ step: String, _ file: String) -> KeyringError { Self.failure(step, file) }
}
