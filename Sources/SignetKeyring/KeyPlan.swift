import SignetStore

/// What there is to do with a keyring at a moment. A pure function of `keyring.json` and the time.
struct KeyPlan: Sendable, Hashable {
    enum Step: Sendable, Hashable {
        /// Make a next key that signs from the time on.
        case generate(activatesAt: Timestamp)
        /// Let a next key sign from the time on that waits to be told, or was to sign later than it has to.
        case schedule(kid: String, activatesAt: Timestamp)
        /// Delete the private half of a key that has retired.
        case deletePrivateHalf(kid: String)
        /// Drop a key whose last token is out of use.
        case remove(kid: String)
        /// Drop a secret that no session can hold a token of.
        case removeSecret(id: UInt8)
    }

    /// What is due, in this order.
    let due: [Step]
    /// Whether the clock is behind the one that wrote the keyring, by more than clocks may differ: nothing is due then,
    /// because one of the two is wrong.
    let clockIsBehind: Bool

    /// - Parameter rotating: whether whoever asks may make a successor, or decide when one signs; what is to be deleted is
    ///   due in any case.
    init(for document: KeyringDocument, at now: Timestamp, rotating: Bool = true) {
        clockIsBehind = now + document.terms.clockTolerance < document.writtenAt
        guard !clockIsBehind else {
            due = []
            return
        }
        var steps: [Step] = []
        for key in document.keys {
            switch key.state(at: now) {
            case .retired where key.hasPrivateHalf: steps.append(.deletePrivateHalf(kid: key.kid))
            case .gone: steps.append(.remove(kid: key.kid))
            case .next, .active, .retired: break
            }
        }
        let current = document.currentSecret(at: now)?.id
        for secret in document.refreshSecrets where secret.id != current {
            if let removedAt = secret.removedAt, now >= removedAt { steps.append(.removeSecret(id: secret.id)) }
        }
        if rotating, let step = Self.succession(in: document, at: now) { steps.append(step) }
        due = steps
    }

    /// When the successor of the key that signs last is made; `nil` when keys change by command only, or it is there.
    static func nextGeneration(in document: KeyringDocument, at now: Timestamp) -> Timestamp? {
        guard let rotation = document.terms.rotation, let last = last(in: document) else { return nil }
        return last + rotation - document.terms.lead
    }

    /// The activation of the key that signs last, as far as that is decided.
    private static func last(in document: KeyringDocument) -> Timestamp? {
        document.keys.filter(\.hasPrivateHalf).compactMap(\.activatesAt).max()
    }

    private static func succession(in document: KeyringDocument, at now: Timestamp) -> Step? {
        guard let rotation = document.terms.rotation else { return nil }
        if let step = correction(of: document, rotation: rotation, at: now) { return step }
        guard let due = nextGeneration(in: document, at: now), now >= due, let last = last(in: document) else {
            return nil
        }
        // One key at a time: the last one signs before its successor is made.
        guard last <= now else { return nil }
        if let waiting = document.nextKeys(at: now).first(where: { $0.activatesAt == nil }) {
            let activation = max(last + rotation, document.earliestActivation(of: waiting, at: now)).roundedUp
            return .schedule(kid: waiting.kid, activatesAt: activation)
        }
        let activation = max(last + rotation, document.terms.earliestActivation(ofPublishedAt: now)).roundedUp
        return .generate(activatesAt: activation)
    }

    /// Has a next key sign sooner whose time was decided by a clock that was far ahead, or under a longer rotation.
    private static func correction(of document: KeyringDocument, rotation: Duration, at now: Timestamp) -> Step? {
        guard let next = document.nextKeys(at: now).first, let planned = next.activatesAt else { return nil }
        var activation = document.earliestActivation(of: next, at: now)
        if let begun = document.keys.filter(\.hasPrivateHalf).compactMap(\.activatesAt).filter({ $0 <= now }).max() {
            activation = max(activation, begun + rotation).roundedUp
        }
        // Less than that is what clocks may differ by: two nodes would not agree on it.
        guard activation + document.terms.clockTolerance * 2 < planned else { return nil }
        return .schedule(kid: next.kid, activatesAt: activation)
    }
}
