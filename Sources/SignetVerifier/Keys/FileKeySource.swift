import Synchronization

/// The keys in a JWKS file, read again when the file changes.
///
/// The file is looked at no more often than the interval says, and only while tokens come. A file that cannot be read,
/// is no JWK set or holds no usable key never evicts the keys at hand. Replace the file by renaming a new one over it,
/// so that it is never seen half written.
public final class FileKeySource: KeySource {
    private struct State: Sendable {
        var keys: KeySet
        var fingerprint: KeyFile.Fingerprint
        var nextLook: ContinuousClock.Instant
        var fault: String?
    }

    /// The most bytes of the file.
    private static let maximumBytes = 262_144

    private let file: KeyFile
    private let interval: Duration
    private let state: Mutex<State>
    private let now: @Sendable () -> ContinuousClock.Instant

    /// - Parameters:
    ///   - path: A regular file of at most 256 KiB.
    ///   - interval: The least time from one look at the file to the next.
    /// - Throws: ``ConfigurationError`` with `unusableKeys` when the file cannot be used now, `outOfRange` for an interval
    ///   that is not more than zero.
    public convenience init(path: String, interval: Duration = .seconds(1)) throws(ConfigurationError) {
        try self.init(path: path, interval: interval, now: { .now })
    }

    init(
        path: String, interval: Duration, now: @escaping @Sendable () -> ContinuousClock.Instant
    ) throws(ConfigurationError) {
        guard interval > .zero else {
            throw ConfigurationError(.outOfRange, "the interval of a key file must be more than zero")
        }
        file = KeyFile(path: path)
        self.interval = interval
        self.now = now
        let (keys, fingerprint) = try Self.load(file, reusing: nil)
        state = Mutex(State(keys: keys, fingerprint: fingerprint, nextLook: now() + interval))
    }

    public func keysAtHand() -> KeySet? {
        let now = now()
        let (keys, fingerprint) = state.withLock { state in
            guard now >= state.nextLook else { return (state.keys, KeyFile.Fingerprint?.none) }
            state.nextLook = now + interval
            return (state.keys, state.fingerprint)
        }
        guard let fingerprint, file.fingerprint() != fingerprint else { return keys }
        return reload(former: keys)
    }

    public func keys(for keyID: String?) async throws(VerificationError) -> KeySet { keysAtHand() ?? .empty }

    /// Why the last look at the file did not give new keys; `nil` when all is well. For the operator.
    public var fault: String? { state.withLock { $0.fault } }

    private func reload(former: KeySet) -> KeySet {
        do {
            let (keys, fingerprint) = try Self.load(file, reusing: former)
            state.withLock { state in
                state.keys = keys
                state.fingerprint = fingerprint
                state.fault = nil
            }
            return keys
        } catch {
            state.withLock { $0.fault = error.detail }
            return former
        }
    }

    private static func load(
        _ file: KeyFile, reusing former: KeySet?
    ) throws(ConfigurationError) -> (KeySet, KeyFile.Fingerprint) {
        let bytes: [UInt8]
        let fingerprint: KeyFile.Fingerprint
        do {
            (bytes, fingerprint) = try file.read(maximumBytes: maximumBytes)
        } catch {
            throw ConfigurationError(.unusableKeys, "the key file \(error.reason)")
        }
        let keys = try KeySet(jwks: bytes, reusing: former)
        guard !keys.isEmpty else { throw ConfigurationError(.unusableKeys, "the key file holds no usable key") }
        return (keys, fingerprint)
    }
}
