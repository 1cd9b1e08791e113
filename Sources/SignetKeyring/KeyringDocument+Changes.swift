import SignetStore

extension KeyringDocument {
    /// The keys that do not sign yet at `now`.
    func nextKeys(at now: Timestamp) -> [KeyRecord] {
        keys.filter { $0.hasPrivateHalf && $0.state(at: now) == .next }.sorted(by: Self.signsBefore)
    }

    /// Does a step of the plan.
    /// - Parameter makeKey: makes the public half of a new key that is in the keyring since `now` and signs from the time
    ///   it is given on.
    mutating func apply<Failure: Error>(
        _ step: KeyPlan.Step, at now: Timestamp, makeKey: (Timestamp) throws(Failure) -> KeyRecord
    ) throws(Failure) {
        switch step {
        case .generate(let activatesAt): add(try makeKey(activatesAt), at: now)
        case .schedule(let kid, let activatesAt): schedule(kid, at: activatesAt, now: now)
        case .deletePrivateHalf(let kid):
            for index in keys.indices where keys[index].kid == kid { keys[index].hasPrivateHalf = false }
        case .remove(let kid): keys.removeAll { $0.kid == kid }
        case .removeSecret(let id): refreshSecrets.removeAll { $0.id == id }
        }
    }

    /// Adds a key. Those before it retire when it signs, if that is decided.
    mutating func add(_ key: KeyRecord, at now: Timestamp) {
        keys.append(key)
        decideRetirements(at: now)
    }

    /// Decides when the key `kid` begins to sign, and with that, when all before it retire.
    mutating func schedule(_ kid: String, at activation: Timestamp, now: Timestamp) {
        for index in keys.indices where keys[index].kid == kid { keys[index].activatesAt = activation }
        decideRetirements(at: now)
    }

    /// Derives the times at which keys retire and go from those at which the ones after them sign.
    ///
    /// What has retired by `now` stays so; its removal is put off when tokens live longer than was thought, and never
    /// brought forward.
    mutating func decideRetirements(at now: Timestamp) {
        let scheduled = keys.indices.filter { keys[$0].activatesAt != nil && keys[$0].hasPrivateHalf }
            .sorted { Self.signsBefore(keys[$0], keys[$1]) }
        for (place, index) in scheduled.enumerated() where [.next, .active].contains(keys[index].state(at: now)) {
            let successor = scheduled.dropFirst(place + 1).first.flatMap { keys[$0].activatesAt }
            keys[index].retiresAt = successor.map { terms.retirement(ofPredecessorAt: $0) }
            keys[index].removedAt = nil
        }
        for index in keys.indices {
            guard let retiresAt = keys[index].retiresAt else { continue }
            let removal = terms.removal(ofRetiredAt: retiresAt)
            keys[index].removedAt = max(keys[index].removedAt ?? removal, removal)
        }
    }

    /// Drops a key for good: it is published no more, and its tokens are refused.
    ///
    /// When it is the one that signs, those that it replaced do not sign again: they retire now, and stay published for
    /// as long as they were to.
    /// - Returns: the kids of those, whose private halves are not needed any more.
    @discardableResult
    mutating func revoke(_ kid: String, at now: Timestamp) -> [String] {
        var replaced: [String] = []
        if signingKey(at: now)?.kid == kid {
            for index in keys.indices where keys[index].kid != kid && keys[index].maySign(at: now) {
                keys[index].retiresAt = min(keys[index].retiresAt ?? now, now)
                keys[index].hasPrivateHalf = false
                replaced.append(keys[index].kid)
            }
        }
        keys.removeAll { $0.kid == kid }
        revocations.append(KeyRevocation(kid: kid, revokedAt: now))
        revocations.removeFirst(max(0, revocations.count - Self.mostRevocations))
        decideRetirements(at: now)
        return replaced
    }

    /// The earliest time at which `key`, which is in the keyring since it was made, may sign.
    func earliestActivation(of key: KeyRecord, at now: Timestamp) -> Timestamp {
        // A key from the future was made by a clock that was ahead: count from now.
        let published = min(key.createdAt, now)
        return max(terms.earliestActivation(ofPublishedAt: published), (now + KeyPolicy.notice).roundedUp)
    }

    /// Adds a secret that new refresh tokens are made with once every node has it; the others stay for as long as a
    /// session may hold a token made with them.
    mutating func add(_ secret: RefreshSecretFile, activatesAt: Timestamp, at now: Timestamp) {
        for index in refreshSecrets.indices where refreshSecrets[index].removedAt == nil {
            let last = activatesAt + terms.clockTolerance * 2
            refreshSecrets[index].removedAt =
                (terms.sessions.end(ofAllMadeUntil: last) + terms.clockTolerance).roundedUp
        }
        refreshSecrets.append(
            RefreshSecretRecord(
                id: secret.id, fingerprint: secret.fingerprint, createdAt: now, activatesAt: activatesAt))
    }
}

extension Timestamp {
    /// Whole seconds, not earlier: what is written reads back equal.
    var roundedUp: Timestamp { Timestamp(seconds: Timestamp(milliseconds: milliseconds + 999).seconds) }
}
