import Synchronization

/// The place where a ``UserSession`` keeps its token pair.
///
/// A refresh token that has not been used gives access to the account like a password, so protect the storage from
/// other users and apps.
public protocol TokenStorage: Sendable {
    /// The token pair that was saved last; `nil` if the storage has no pair.
    func load() throws -> TokenPair?

    /// Replaces the stored pair; `nil` removes it. In a storage that outlives the process, the change must be durable
    /// when the method returns.
    ///
    /// If the method throws, the storage must hold either the whole old pair or the whole new pair. A crash may then
    /// undo the change. While a new pair replaces an old one, the storage must never be empty.
    func save(_ pair: TokenPair?) throws

    /// Identifies the current state of the storage; `nil` if there is no token pair or the state is unknown.
    ///
    /// A session calls this method before it hands out a token, so the method must be fast and must not wait. If the
    /// stamp has changed since the session last loaded or saved the pair, the session calls ``load()`` again, inside
    /// ``withLock(_:)``. The default implementation always returns the same stamp, which is right for a storage that
    /// only one ``UserSession`` uses.
    func stamp() -> StorageStamp?

    /// Runs `body` while no other session or process runs a `body` for the same storage. The default implementation
    /// runs `body` at once, which is right for a storage that only one ``UserSession`` uses.
    ///
    /// `body` may take up to 75 s, because it sends requests to the issuer, and several callers may queue. An
    /// implementation may limit how long a caller waits, and should then throw a ``ClientError`` with `unavailable`.
    func withLock<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result
}

extension TokenStorage {
    public func stamp() -> StorageStamp? { StorageStamp(0) }

    public func withLock<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        try await body()
    }
}

/// Identifies one state of a ``TokenStorage``. As long as nothing is saved, ``TokenStorage/stamp()`` returns equal
/// stamps.
public struct StorageStamp: Sendable, Hashable {
    private let value: any Hashable & Sendable

    /// Makes a stamp from a value that changes with every save, for example the version of a database row, or the
    /// inode, size and time of a file.
    public init(_ value: some Hashable & Sendable) { self.value = value }

    /// Whether both stamps were made of equal values.
    public static func == (left: StorageStamp, right: StorageStamp) -> Bool {
        AnyHashable(left.value) == AnyHashable(right.value)
    }

    /// Hashes the value.
    public func hash(into hasher: inout Hasher) { hasher.combine(AnyHashable(value)) }
}

/// Keeps the token pair in memory, for one ``UserSession``. The pair is lost with the process.
public final class MemoryTokenStorage: TokenStorage {
    private let pair: Mutex<TokenPair?>

    /// Creates a storage that starts with `pair`; `nil` for an empty storage.
    public init(_ pair: TokenPair? = nil) { self.pair = Mutex(pair) }

    /// The token pair that was saved last; `nil` if the storage is empty. Never throws.
    public func load() -> TokenPair? { pair.withLock { $0 } }

    /// Replaces the stored token pair; `nil` removes it. Never throws.
    public func save(_ pair: TokenPair?) { self.pair.withLock { $0 = pair } }
}
