import Logging
import SignetIssuer
import SignetKeyring
import SignetStore
import Synchronization

/// Keeps this node's keyring up to date: loads changes by other processes, and creates, activates and retires keys on
/// time.
///
/// Logs changes of keys, and logs each fault once until it changes. Methods may block, because they read and write
/// files.
final class KeyringFollower: Sendable {
    private struct State {
        var faults: [String: String] = [:]
        /// The id of the active signing key.
        var signing: String?
        var pausedUntil: Timestamp?
    }

    /// The time after a failed change of the keyring in which no further change is tried.
    private static let pause = Duration.seconds(30)

    private let keyring: Keyring
    private let policy: KeyPolicy
    private let metrics: KeyMetrics
    let logger: Logger
    private let state: Mutex<State>

    init(
        keyring: Keyring, policy: KeyPolicy, logger: Logger, metrics: KeyMetrics = IssuerMetrics.none.keys,
        at now: Timestamp = .system()
    ) {
        self.keyring = keyring
        self.policy = policy
        self.logger = logger
        self.metrics = metrics
        state = Mutex(State(signing: keyring.signingKeyID(at: now)))
        metrics.update(keyring.overview, faults: 0, at: now)
    }

    /// All signing keys in the `keyring.json` that this node has loaded, the oldest first.
    func listing(at now: Timestamp) -> [KeyListing] { keyring.listing(at: now) }

    /// Loads the changes that other processes made to the keyring, and then makes the changes to keys that are due.
    /// - Parameter rereading: `true` reads all key files even if they look unchanged, and logs the current fault of
    ///   reading even if it was logged before.
    /// - Returns: the changes that this node made in this call.
    func round(rereading: Bool = false, at now: Timestamp = .system()) -> [KeyChange] {
        report("reading the keys", again: rereading) {
            let isNew = try keyring.followChanges(always: rereading, at: now)
            if isNew || rereading { logger.notice("reloaded the keys") }
        }
        let changes = work(at: now)
        for change in changes { log(change) }
        logSigningKey(at: now)
        metrics.update(keyring.overview, faults: state.withLock { $0.faults.count }, at: now)
        return changes
    }

    private func work(at now: Timestamp) -> [KeyChange] {
        let isPaused = state.withLock { state in state.pausedUntil.map { now < $0 && $0 <= now + Self.pause } ?? false }
        guard !isPaused else { return [] }
        var changes: [KeyChange] = []
        report("the clock") {
            if keyring.clockIsBehind(at: now) {
                throw KeyringError(
                    .refused,
                    """
                    this machine's clock is behind the time of the last key change; keys do not rotate until the clock \
                    has passed it. If that time was wrong, run 'signet keys rotate' on this machine to correct it; if \
                    that is refused, run 'signet keys rotate --refresh-secret'
                    """)
            }
        }
        let worked = report("changing the keys") {
            changes += try keyring.cover(policy, at: now)
            // The settings of this node (`policy`) decide whether it rotates keys. keyring.json may contain the
            // settings of another node.
            let rotating = policy.rotationInterval != nil
            guard rotating, keyring.needsKey(at: now) else {
                changes += try keyring.advance(rotating: rotating, at: now)
                return
            }
            let began = ContinuousClock.now
            try keyring.prepareKey()
            changes += try keyring.advance(at: now + (ContinuousClock.now - began))
        }
        state.withLock { $0.pausedUntil = worked ? nil : now + Self.pause }
        return changes
    }

    private func log(_ change: KeyChange) {
        var metadata: Logger.Metadata = [:]
        if let keyID = change.keyID { metadata["kid"] = "\(keyID)" }
        if case .scheduled(_, let time) = change { metadata["signs_from"] = "\(time.rfc3339Milliseconds)" }
        logger.notice("\(change.summary)", metadata: metadata)
    }

    private func logSigningKey(at now: Timestamp) {
        let keyID = keyring.signingKeyID(at: now)
        let isNew = state.withLock { state in
            defer { state.signing = keyID }
            return state.signing != keyID
        }
        if isNew { logger.notice("the signing key changed", metadata: ["kid": "\(keyID ?? "none")"]) }
    }

    /// Runs `body` and logs its error, unless the last run with the same `step` failed with an equal error.
    /// - Parameter again: `true` logs the error even if it equals the error of the last run.
    /// - Returns: `true` if `body` threw no error.
    @discardableResult
    private func report(_ step: String, again: Bool = false, _ body: () throws -> Void) -> Bool {
        var fault: String?
        do { try body() } catch { fault = (error as? KeyringError)?.detail ?? "\(error)" }
        let isNew = state.withLock { state in
            defer { state.faults[step] = fault }
            return state.faults[step] != fault
        }
        if let fault, isNew || again { logger.error("\(step): \(fault)") }
        return fault == nil
    }
}
