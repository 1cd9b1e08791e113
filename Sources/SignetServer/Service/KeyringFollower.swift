import Logging
import SignetIssuer
import SignetStore
import Synchronization

/// Keeps a node's keys as the directory and the time want them: takes over what other processes changed, and does what
/// is due. Everything here blocks; it says on the log what happened, and each fault once.
final class KeyringFollower: Sendable {
    private struct State {
        var faults: [String: String] = [:]
        var signing: String?
        var pausedUntil: Timestamp?
    }

    /// How long nothing is tried again that could not be written.
    private static let pause = Duration.seconds(30)

    private let keyring: Keyring
    private let terms: KeyPolicy
    private let metrics: KeyMetrics
    let logger: Logger
    private let state: Mutex<State>

    init(
        keyring: Keyring, terms: KeyPolicy, logger: Logger, metrics: KeyMetrics = IssuerMetrics.none.keys,
        at now: Timestamp = .system()
    ) {
        self.keyring = keyring
        self.terms = terms
        self.logger = logger
        self.metrics = metrics
        state = Mutex(State(signing: keyring.signingKeyID(at: now)))
        metrics.update(keyring.overview, faults: 0, at: now)
    }

    /// All keys, as this node knows them.
    func listing(at now: Timestamp) -> [KeyListing] { keyring.listing(at: now) }

    /// One round.
    /// - Parameter rereading: whether to read the keys again even when they look unchanged, and to say again what is wrong
    ///   with them.
    /// - Returns: what this node did to the keyring.
    func round(rereading: Bool = false, at now: Timestamp = .system()) -> [KeyChange] {
        report("reading the keys", again: rereading) {
            let isNew = try keyring.followChanges(always: rereading, at: now)
            if isNew || rereading { logger.notice("read the keys again") }
        }
        let changes = work(at: now)
        for change in changes { log(change) }
        noteSigningKey(at: now)
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
                    this clock is behind the one that changed the keys last; keys do not rotate until it is not. If that \
                    one was wrong, 'signet keys rotate' run here sets it right
                    """)
            }
        }
        let worked = report("changing the keys") {
            changes += try keyring.cover(terms, at: now)
            // Told to leave rotation to commands, a node does so also where a copy of the keyring says otherwise.
            let rotating = terms.rotation != nil
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
        if let kid = change.kid { metadata["kid"] = "\(kid)" }
        if case .scheduled(_, let time) = change { metadata["signs_from"] = "\(time.text)" }
        logger.notice("\(change.summary)", metadata: metadata)
    }

    private func noteSigningKey(at now: Timestamp) {
        let kid = keyring.signingKeyID(at: now)
        let isNew = state.withLock { state in
            defer { state.signing = kid }
            return state.signing != kid
        }
        if isNew { logger.notice("another key signs", metadata: ["kid": "\(kid ?? "none")"]) }
    }

    /// Runs a step. A fault is logged when it is not the one that this step had before, or is to be said again.
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
