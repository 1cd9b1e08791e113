import SignetStore

/// The changes that are due in a keyring at a given time. The changes depend only on `keyring.json`, the time, and
/// whether this node rotates keys.
struct KeyPlan: Sendable, Hashable {
    enum Step: Sendable, Hashable {
        /// Set the activation time of a key that does not sign yet. Its activation time is not set, or is later than
        /// necessary.
        case schedule(keyID: String, activatesAt: Timestamp)
        /// Delete the private half of a retired key.
        case deletePrivateHalf(keyID: String)
        /// Remove a key whose last token has expired.
        case remove(keyID: String)
        /// Remove a refresh token HMAC key because no session can hold a token made with it.
        case removeSecret(id: UInt8)
    }

    /// The steps that are due, in the order in which they must be made.
    private(set) var steps: [Step] = []
    /// If a new key must be created now, the time from which it signs; `nil` if no key must be created.
    private(set) var newKeyActivation: Timestamp?
    /// Whether the last change of the keyring lies ahead of this node's clock by more than the clock tolerance. No step
    /// is then due, because this node's clock or the clock of the node that made the change is wrong.
    let clockIsBehind: Bool

    /// Whether no step is due and no key has to be created.
    var isEmpty: Bool { steps.isEmpty && newKeyActivation == nil }

    /// Computes the changes that are due at `now`.
    /// - Parameter rotating: `true` if this node may create and schedule keys. Deletions are due in either case.
    init(for document: KeyringDocument, at now: Timestamp, rotating: Bool = true) {
        clockIsBehind = now + document.policy.clockTolerance < document.writtenAt
        guard !clockIsBehind else { return }
        for key in document.keys {
            switch key.state(at: now) {
            case .retired where key.hasPrivateHalf: steps.append(.deletePrivateHalf(keyID: key.keyID))
            case .gone: steps.append(.remove(keyID: key.keyID))
            case .next, .active, .retired: break
            }
        }
        let current = document.currentSecret(at: now)?.id
        for secret in document.refreshSecrets where secret.id != current {
            if let removedAt = secret.removedAt, now >= removedAt { steps.append(.removeSecret(id: secret.id)) }
        }
        if rotating, let interval = document.policy.rotationInterval { planSuccession(in: document, interval, at: now) }
    }

    /// The time at which the successor of the newest key is created; `nil` if only commands rotate keys.
    static func nextKeyCreation(in document: KeyringDocument) -> Timestamp? {
        guard let interval = document.policy.rotationInterval, let last = lastActivation(in: document)
        else { return nil }
        return last + interval - document.policy.lead
    }

    private static func lastActivation(in document: KeyringDocument) -> Timestamp? {
        document.keys.filter(\.hasPrivateHalf).compactMap(\.activatesAt).max()
    }

    private mutating func planSuccession(in document: KeyringDocument, _ interval: Duration, at now: Timestamp) {
        if let step = Self.correction(of: document, interval, at: now) { return steps.append(step) }
        guard let creation = Self.nextKeyCreation(in: document), now >= creation,
            let last = Self.lastActivation(in: document),
            // Plan a successor only after the newest key has started to sign. At most one key then waits for its start.
            last <= now
        else { return }
        if let waiting = document.nextKeys(at: now).first(where: { $0.activatesAt == nil }) {
            let activation = max(last + interval, document.earliestActivation(of: waiting, at: now)).roundedUp
            steps.append(.schedule(keyID: waiting.keyID, activatesAt: activation))
        } else {
            newKeyActivation = max(last + interval, document.policy.earliestActivation(ofPublishedAt: now)).roundedUp
        }
    }

    /// Returns the step that moves the activation of the next key (published, but not signing yet) to an earlier time;
    /// `nil` if the activation time is right. The time is too late if a clock that was far ahead set it, or if the
    /// rotation interval was longer then.
    private static func correction(of document: KeyringDocument, _ interval: Duration, at now: Timestamp) -> Step? {
        guard let next = document.nextKeys(at: now).first, let planned = next.activatesAt else { return nil }
        var activation = document.earliestActivation(of: next, at: now)
        if let begun = document.keys.filter(\.hasPrivateHalf).compactMap(\.activatesAt).filter({ $0 <= now }).max() {
            activation = max(activation, begun + interval).roundedUp
        }
        // Change the activation time only if the new time is earlier by more than twice the clock tolerance. Otherwise
        // two nodes whose clocks differ would change the activation time again and again.
        guard activation + document.policy.clockTolerance * 2 < planned else { return nil }
        return .schedule(keyID: next.keyID, activatesAt: activation)
    }
}
