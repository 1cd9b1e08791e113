import HTTPFetching
import LocalFiles
import SharedState

/// The keys in a JWKS file, read again when the file changes.
///
/// The file is looked at no more often than the interval says, and only while tokens come. A file that cannot be read or
/// is no JWK set never evicts the keys at hand; one that is a JWK set without any usable key withdraws them all, and
/// tokens are answered with `keysUnavailable` until there are others. Replace the file by renaming a new one over it, so
/// that it is never seen half written.
public final class FileKeySource: KeySource {
    /// The most bytes of the file.
    private static let maximumBytes = 262_144

    private let path: String
    private let interval: Duration
    private let state: Guarded<KeyFileState>
    private let now: @Sendable () -> ContinuousClock.Instant

    /// - Parameters:
    ///   - path: A regular file of at most 256 KiB.
    ///   - interval: The least time from one look at the file to the next: more than zero, 24 hours at most.
    /// - Throws: ``ConfigurationError`` with `unusableKeys` when the file cannot be used now or holds no usable key,
    ///   `outOfRange` for an interval out of its bounds.
    public convenience init(path: String, interval: Duration = .seconds(1)) throws(ConfigurationError) {
        try self.init(path: path, interval: interval, now: { .now })
    }

    init(
        path: String, interval: Duration, now: @escaping @Sendable () -> ContinuousClock.Instant
    ) throws(ConfigurationError) {
        guard interval > .zero, interval <= .seconds(86_400) else {
            throw ConfigurationError(
                .outOfRange, "the interval of a key file must be more than zero, 24 hours at most")
        }
        self.path = path
        self.interval = interval
        self.now = now
        let (keys, fingerprint) = try Self.load(path, reusing: nil)
        guard !keys.isEmpty else { throw ConfigurationError(.unusableKeys, "the key file holds no usable key") }
        state = Guarded(KeyFileState(keys: keys, fingerprint: fingerprint, nextLook: now() + interval))
    }

    public func keysAtHand() -> KeySet? {
        let now = now()
        let (keys, look) = state.withLock { state in (state.keys, state.begin(at: now, interval: interval)) }
        guard let look, FileFingerprint(path: path) != look.fingerprint else { return keys }
        return take(look, former: keys)
    }

    public func keys(for keyID: String?) async throws(VerificationError) -> KeySet {
        guard let keys = keysAtHand(), !keys.isEmpty else {
            throw VerificationError(.keysUnavailable, "the key file holds no usable key")
        }
        return keys
    }

    /// Why the last look at the file did not give new keys; `nil` when all is well. For the operator.
    public var fault: String? { state.withLock { $0.fault } }

    private func take(_ look: KeyFileState.Look, former: KeySet) -> KeySet {
        let found = Result { () throws(ConfigurationError) in try Self.load(path, reusing: former) }
        return state.withLock { state in
            state.end(look, found: found)
            return state.keys
        }
    }

    private static func load(
        _ path: String, reusing former: KeySet?
    ) throws(ConfigurationError) -> (KeySet, FileFingerprint) {
        let bytes: [UInt8]
        let fingerprint: FileFingerprint
        do {
            let file = try ReadableFile(path: path)
            bytes = try file.read(maximumBytes: maximumBytes)
            fingerprint = file.fingerprint
        } catch {
            throw ConfigurationError(.unusableKeys, "the key file \(error.reason)")
        }
        return (try KeySet(jwks: bytes, reusing: former), fingerprint)
    }
}
