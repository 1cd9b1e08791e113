import HTTPFetching
import LocalFiles
import SharedState

/// A key source that reads a JWKS file and reads it again when the file changes.
///
/// When the verifier asks for keys, the source checks whether the file has changed, at most once per interval. If the
/// file cannot be read or is not a JWK Set, the current keys stay in use. A JWK Set without usable keys withdraws all
/// keys; tokens then get `keysUnavailable` until the file has keys again. To replace the file, rename a new file over
/// the old one, so that the source never reads half a file.
public final class FileKeySource: KeySource {
    /// The largest accepted file in bytes.
    private static let maximumBytes = 262_144

    private let path: String
    private let interval: Duration
    private let state: Guarded<KeyFileState>
    private let now: @Sendable () -> ContinuousClock.Instant

    /// Reads the file once and creates the source.
    ///
    /// - Parameters:
    ///   - path: The path of a regular file of at most 256 KiB.
    ///   - interval: The shortest time between two checks for changes: more than zero, at most 24 hours.
    ///   - now: The monotonic clock for the interval.
    /// - Throws: ``ConfigurationError`` with `unusableKeys` if the file cannot be read or has no usable key,
    ///   `outOfRange` for an interval out of bounds.
    public init(
        path: String, interval: Duration = .seconds(1),
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
    ) throws(ConfigurationError) {
        guard interval > .zero, interval <= .seconds(86_400) else {
            throw ConfigurationError(
                .outOfRange, "the interval of a key file must be more than zero and at most 24 hours")
        }
        self.path = path
        self.interval = interval
        self.now = now
        let (keys, fingerprint) = try Self.load(path, reusing: nil)
        guard !keys.isEmpty else {
            throw ConfigurationError(.unusableKeys, "the key file \(path) contains no usable RS256 key")
        }
        let readAt = now()
        state = Guarded(
            KeyFileState(keys: keys, fingerprint: fingerprint, readAt: readAt, nextLook: readAt + interval))
    }

    public func keysAtHand() -> KeySet? {
        let now = now()
        let (keys, look) = state.withLock { state in (state.keys, state.begin(at: now, interval: interval)) }
        guard let look, FileFingerprint(path: path) != look.fingerprint else { return keys }
        return take(look, former: keys, at: now)
    }

    public func keys(for keyID: String?) async throws(VerificationError) -> KeySet {
        guard let keys = keysAtHand(), !keys.isEmpty else {
            throw VerificationError(.keysUnavailable, "the key file \(path) contains no usable RS256 key")
        }
        return keys
    }

    /// Why the last read of the file found no usable keys, as a text for the operator; `nil` if that read found keys.
    public var fault: String? { state.withLock { $0.fault } }

    /// The state of the keys, for an operator: when they were read, and why the file could last not be used.
    public var sourceState: SourceState? {
        let now = now()
        return state.withLock { $0.sourceState(of: path, at: now) }
    }

    private func take(_ look: KeyFileState.Look, former: KeySet, at now: ContinuousClock.Instant) -> KeySet {
        let found = Result { () throws(ConfigurationError) in try Self.load(path, reusing: former) }
        return state.withLock { state in
            state.end(look, found: found, at: now)
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
            throw ConfigurationError(.unusableKeys, "the key file \(path) \(error.reason)")
        }
        do {
            return (try KeySet(jwks: bytes, reusing: former), fingerprint)
        } catch {
            throw ConfigurationError(error.code, "the key file \(path): \(error.detail)")
        }
    }
}

extension FileKeySource: CustomReflectable {
    /// Shows the path, the key IDs, and ``fault``: why the last read of the file found no usable keys.
    public var customMirror: Mirror {
        let (keys, fault) = state.withLock { ($0.keys, $0.fault) }
        return Mirror(
            self, children: ["path": path, "keys": keys, "fault": fault as Any], displayStyle: .class)
    }
}

/// The keys of a ``FileKeySource`` and the decision when to check the file again. The caller does all I/O.
struct KeyFileState: Sendable {
    /// One check whether the file still has the fingerprint of the last read. A later check has a higher number.
    struct Look: Sendable, Equatable {
        let number: UInt64
        let fingerprint: FileFingerprint
    }

    private(set) var keys: KeySet
    /// Why the last read of the file found no usable keys; `nil` if that read found keys.
    private(set) var fault: String?
    private var fingerprint: FileFingerprint
    /// When ``keys`` were read from the file.
    private var readAt: ContinuousClock.Instant
    /// Why and when a read last found no usable keys, even if a later read found some; `nil` if every read found keys.
    private var lastFailure: (reason: String, at: ContinuousClock.Instant)?
    private var failuresInARow = 0
    private var nextLook: ContinuousClock.Instant
    private var looks: UInt64 = 0
    private var lastTaken: UInt64 = 0

    init(
        keys: KeySet, fingerprint: FileFingerprint, readAt: ContinuousClock.Instant, nextLook: ContinuousClock.Instant
    ) {
        self.keys = keys
        self.fingerprint = fingerprint
        self.readAt = readAt
        self.nextLook = nextLook
    }

    /// Starts a check whether the file has changed. Returns `nil` if the last check started less than `interval` ago.
    mutating func begin(at now: ContinuousClock.Instant, interval: Duration) -> Look? {
        guard now >= nextLook else { return nil }
        nextLook = now + interval
        looks += 1
        return Look(number: looks, fingerprint: fingerprint)
    }

    /// Records what the check `look` found. Ignores the result if a check that started later has already ended, because
    /// the later check read a newer file.
    mutating func end(
        _ look: Look, found: Result<(KeySet, FileFingerprint), ConfigurationError>, at now: ContinuousClock.Instant
    ) {
        guard look.number > lastTaken else { return }
        lastTaken = look.number
        switch found {
        case .success((let keys, let fingerprint)):
            self.keys = keys
            self.fingerprint = fingerprint
            readAt = now
            fault = keys.isEmpty ? "the key file contains no usable RS256 key" : nil
        case .failure(let error):
            fault = error.detail
        }
        if let fault {
            lastFailure = (fault, now)
            failuresInARow += 1
        } else {
            failuresInARow = 0
        }
    }

    func sourceState(of path: String, at now: ContinuousClock.Instant) -> SourceState {
        SourceState(
            kind: .keys, location: path, isUsable: !keys.isEmpty, age: readAt.duration(to: now),
            lastFailure: lastFailure.map {
                .init(reason: $0.reason, age: $0.at.duration(to: now), isContradiction: false)
            }, failuresInARow: failuresInARow, untilNextAttempt: max(now.duration(to: nextLook), .zero),
            untilNextKeySearch: nil)
    }
}
