import SignetStore

/// What there is to do with a keyring at a moment. A pure function of `keyring.json` and the time.
struct KeyPlan: Sendable, Hashable {
    enum Step: Sendable, Hashable {
        /// Make a next key that signs from the time on.
        case generate(activatesAt: Timestamp)
        /// Let a next key that waits to be told sign from the time on.
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
        guard let due = nextGeneration(in: document, at: now), now >= due, let rotation = document.terms.rotation,
            let last = last(in: document)
        else { return nil }
        // One key at a time: the last one signs before its successor is made.
        guard last <= now else { return nil }
        if let waiting = document.nextKeys(at: now).first(where: { $0.activatesAt == nil }) {
            let activation = max(last + rotation, document.earliestActivation(of: waiting, at: now)).roundedUp
            return .schedule(kid: waiting.kid, activatesAt: activation)
        }
        let activation = max(last + rotation, document.terms.earliestActivation(ofPublishedAt: now)).roundedUp
        return .generate(activatesAt: activation)
    }
}
