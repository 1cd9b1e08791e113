import Synchronization

/// Keeps the pair in this process, for one ``UserSession``: it is gone with the process.
public final class MemoryTokenStorage: TokenStorage {
    private let pair: Mutex<TokenPair?>

    /// A storage that begins with `pair`.
    public init(_ pair: TokenPair? = nil) { self.pair = Mutex(pair) }

    /// The pair that was saved last; never throws.
    public func load() -> TokenPair? { pair.withLock { $0 } }

    /// Keeps `pair`; never throws.
    public func save(_ pair: TokenPair?) { self.pair.withLock { $0 = pair } }
}
