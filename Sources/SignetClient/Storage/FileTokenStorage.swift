import HTTPFetching
import JOSE
import LocalFiles

/// Keeps the pair in a file that only its owner may read, for any number of processes: one at a time refreshes, and the
/// others find what it got. A session sees at its next call what another process has changed: a login, a logout, a
/// refresh.
///
/// The file is replaced in one step and is durable before a new token is used, so a crash at any moment leaves a pair
/// that the issuer still accepts. Beside it lies an empty file whose name ends in `.lock`. The lock goes with the
/// process that holds it, however that ends. Not for network file systems.
public struct FileTokenStorage: TokenStorage {
    /// The file's path.
    public let path: String
    /// How long to wait for other processes that are refreshing.
    public let lockTimeout: Duration

    private static let maximumBytes = 65_536
    private static let version: Int64 = 1

    /// A storage in the file at `path`, which need not exist; its directory must.
    ///
    /// - Parameters:
    ///   - path: The file's path; beside it lie the lock and, while it is written, a draft.
    ///   - lockTimeout: How long to wait for other processes that are refreshing; then there is a ``ClientError`` with
    ///     `unavailable`. 90 s by default: a refresh takes 75 s at most, whatever the configuration.
    public init(path: String, lockTimeout: Duration = .seconds(90)) {
        self.path = path
        self.lockTimeout = lockTimeout
    }

    /// The pair in the file; `nil` without a file.
    ///
    /// - Throws: ``ClientError`` with `storageFailed` when the file cannot be read, is no token file, or may be read by
    ///   others.
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

    /// Replaces the file, mode 0600, or removes it; durable when this returns.
    ///
    /// - Throws: ``ClientError`` with `storageFailed`. The former file is still there then; or the change was made and is
    ///   not known to be durable, so that a crash of the machine may undo it.
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

    /// What the file is known by: device, inode, size and times. Any write, any replacement and any change of its mode
    /// makes it another one.
    public func stamp() -> StorageStamp? { FileFingerprint(path: path).map { StorageStamp($0) } }

    /// Runs `body` while no other process, and no other task of this one, does the same with this file.
    ///
    /// - Throws: what `body` throws; ``ClientError`` with `unavailable` when the lock is not to be had in time, and with
    ///   `storageFailed` when its file cannot be made.
    public func withLock<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        let lock = try await TokenFileLock.acquire(path: path + ".lock", within: lockTimeout)
        defer { withExtendedLifetime(lock) {} }
        return try await body()
    }

    /// The bytes of the file; `nil` without a file.
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
    /// A token file that cannot be used.
    init(_ error: LocalFileError) { self.init(.storageFailed, error.description) }
}
