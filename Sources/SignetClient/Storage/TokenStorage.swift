/// Where a session keeps its token pair.
///
/// The refresh token is as good as a password until it is used: a storage must let nobody else read it.
public protocol TokenStorage: Sendable {
    /// The pair that was saved last; `nil` when there is none.
    func load() throws -> TokenPair?

    /// Keeps `pair` in place of the former one, durably where the storage outlives the process; `nil` removes it.
    ///
    /// After an error either the former pair is still there or the new one is, maybe not durably yet; never a part of
    /// one, and with a new pair never none.
    func save(_ pair: TokenPair?) throws

    /// What the state of the storage is known by, whoever changed it; `nil` without a pair, and when it cannot be told.
    ///
    /// Asked each time that a token at hand is to be handed out, so it must be cheap and must not wait: when the stamp is
    /// not what it was, ``load()`` is called under the lock. Without an implementation it is always the same one, which is
    /// right for a storage that one ``UserSession`` alone uses.
    func stamp() -> StorageStamp?

    /// Runs `body` while no other user of the same storage runs theirs. Without an implementation `body` is run at
    /// once, which is right for a storage that one ``UserSession`` alone uses.
    ///
    /// It may be held for as long as the issuer is asked, 75 s at most, and by several one after the other. Whoever waits
    /// longer than makes sense should throw a ``ClientError`` with `unavailable`.
    func withLock<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result
}

extension TokenStorage {
    public func stamp() -> StorageStamp? { StorageStamp(0) }

    public func withLock<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        try await body()
    }
}
