/// Where a session keeps its token pair.
///
/// The refresh token is as good as a password until it is used: a storage must let nobody else read it.
public protocol TokenStorage: Sendable {
    /// The pair that was saved last; `nil` when there is none.
    func load() throws -> TokenPair?

    /// Keeps `pair` in place of the former one, durably where the storage outlives the process; `nil` removes it.
    ///
    /// After an error the former pair must still be there.
    func save(_ pair: TokenPair?) throws

    /// Runs `body` while no other user of the same storage runs theirs. Without an implementation `body` is run at
    /// once, which is right for a storage that one ``UserSession`` alone uses.
    ///
    /// It may be held for as long as the issuer is asked, 75 s at most, and by several one after the other. Whoever waits
    /// longer than makes sense should throw a ``ClientError`` with `unavailable`.
    func withLock<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result
}

extension TokenStorage {
    public func withLock<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        try await body()
    }
}
