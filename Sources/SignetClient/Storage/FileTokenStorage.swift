import HTTPFetching
import JOSE
import LocalFiles

/// Keeps a session's token pair in a file of mode 0600 that any number of processes share. One process refreshes at a
/// time, and the others use the result. At its next call, a session sees a login, logout or refresh of another process.
///
/// The file is replaced in one step and is durable before a new token is used, so a crash leaves a pair that the issuer
/// still accepts. Processes lock an empty file beside the token file, with the suffix `.lock`. The system releases the
/// lock when the process that holds it ends. Do not keep the token file on a network file system.
public struct FileTokenStorage: TokenStorage {
    /// The path of the token file.
    public let path: String
    /// The longest wait for other processes that hold the lock.
    public let lockTimeout: Duration

    private static let maximumBytes = 65_536
    private static let version: Int64 = 1

    /// Creates a storage in the file at `path`. The directory must exist. The file may be missing.
    ///
    /// - Parameters:
    ///   - path: the path of the token file. Its directory also holds the lock file and, during a write, a temporary
    ///     file.
    ///   - lockTimeout: the longest wait for the lock, after which calls throw ``ClientError`` with `unavailable`.
    ///     Default 90 s, because one refresh takes up to 75 s.
    public init(path: String, lockTimeout: Duration = .seconds(90)) {
        self.path = path
        self.lockTimeout = lockTimeout
    }

    /// The pair in the file; `nil` if the file does not exist.
    ///
    /// - Throws: ``ClientError`` with `storageFailed` if the file cannot be read, is not a token file, or other users
    ///   may access it.
    public func load() throws(ClientError) -> TokenPair? {
        guard let bytes = try contents() else { return nil }
        guard let object = try? JSONObject(parsing: bytes), object["version"]?.integer == Self.version,
            let accessToken = object["accessToken"]?.string, let refreshToken = object["refreshToken"]?.string,
            let issuedAt = object["issuedAt"]?.integer, let expiresAt = object["expiresAt"]?.integer,
            let refreshExpiresAt = object["refreshExpiresAt"]?.integer
        else {
            throw ClientError(
                .storageFailed, "\(path) is not a token file of this version; remove it and log in again")
        }
        return TokenPair(
            accessToken: accessToken, refreshToken: refreshToken, issuedAt: NumericDate(issuedAt),
            expiresAt: NumericDate(expiresAt), refreshExpiresAt: NumericDate(refreshExpiresAt))
    }

    /// Replaces the file, or removes it if `pair` is `nil`. When the method returns, the change survives a power loss.
    ///
    /// - Throws: ``ClientError`` with `storageFailed`. The file may then have the old or the new contents, and a crash
    ///   of the machine may undo the change.
    public func save(_ pair: TokenPair?) throws(ClientError) {
        let file = PrivateFile(path: path)
        guard let pair else { return try Self.translating { () throws(LocalFileError) in try file.remove() } }
        let object: JSONObject = [
            "version": .integer(Self.version), "accessToken": .string(pair.accessToken),
            "refreshToken": .string(pair.refreshToken), "issuedAt": .integer(pair.issuedAt.seconds),
            "expiresAt": .integer(pair.expiresAt.seconds), "refreshExpiresAt": .integer(pair.refreshExpiresAt.seconds),
        ]
        try Self.translating { () throws(LocalFileError) in try file.write(object.serialized()) }
    }

    /// Identifies the file's state by device, inode, size and times; `nil` if the file does not exist. Every write,
    /// replacement and mode change gives another result.
    public func stamp() -> StorageStamp? { FileFingerprint(path: path).map { StorageStamp($0) } }

    /// Runs `body` while this task holds the lock of the token file. No other task or process holds the lock meanwhile.
    ///
    /// - Throws: The error of `body`; ``ClientError`` with `unavailable` if ``lockTimeout`` passes, with
    ///   `storageFailed` if the lock file cannot be created.
    public func withLock<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        let lock = try await TokenFileLock.acquire(path: path + ".lock", within: lockTimeout)
        defer { withExtendedLifetime(lock) {} }
        return try await body()
    }

    /// The bytes of the token file; `nil` if the file does not exist.
    private func contents() throws(ClientError) -> [UInt8]? {
        do throws(LocalFileError) {
            let file = try ReadableFile(path: path)
            if file.permissions & 0o077 == 0 { return try file.read(maximumBytes: Self.maximumBytes) }
        } catch {
            if error.code == .missing { return nil }
            throw ClientError(error)
        }
        throw ClientError(.storageFailed, "others may read \(path): run chmod 600 on it")
    }

    private static func translating(_ body: () throws(LocalFileError) -> Void) throws(ClientError) {
        do { try body() } catch { throw ClientError(error) }
    }
}

extension ClientError {
    /// Creates the error for a token file or lock file that cannot be used.
    init(_ error: LocalFileError) { self.init(.storageFailed, error.description) }
}
