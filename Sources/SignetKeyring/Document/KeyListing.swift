package import SignetStore

/// A signing key as `signet keys list` shows it.
package struct KeyListing: Sendable, Hashable {
    /// The next thing that happens to a key.
    package enum Event: String, Sendable {
        /// The key starts to sign.
        case signs
        /// Signet will create and publish the next key, which replaces this key. There is no next key yet.
        case successor
        /// The key stops signing.
        case retires
        /// The key is no longer published.
        case removed
        /// Nothing happens to the key until an operator runs `signet keys rotate`.
        case none
    }

    package let keyID: String
    package let state: KeyState
    /// Whether new tokens are signed with this key.
    package let isSigning: Bool
    /// Whether the key has been published for so long that every verifier that honours the cache headers has it.
    package let isKnown: Bool
    /// The length of the modulus in bits.
    package let bits: Int
    package let createdAt: Timestamp
    package let activatesAt: Timestamp?
    package let retiresAt: Timestamp?
    package let removedAt: Timestamp?
    package let nextEvent: Event
    /// The time of ``nextEvent``; `nil` if ``nextEvent`` is `none`.
    package let nextAt: Timestamp?

    init(_ key: KeyRecord, bits: Int, in document: KeyringDocument, at now: Timestamp) {
        keyID = key.keyID
        state = key.state(at: now)
        isSigning = document.signingKey(at: now)?.keyID == key.keyID
        isKnown = document.policy.earliestActivation(ofPublishedAt: key.createdAt) <= now
        self.bits = bits
        createdAt = key.createdAt
        activatesAt = key.activatesAt
        retiresAt = key.retiresAt
        removedAt = key.removedAt
        (nextEvent, nextAt) = Self.next(of: key, in: document, at: now)
    }

    private static func next(
        of key: KeyRecord, in document: KeyringDocument, at now: Timestamp
    ) -> (Event, Timestamp?) {
        switch key.state(at: now) {
        case .next:
            return plannedActivation(of: key, in: document, at: now).map { (.signs, $0) } ?? (.none, nil)
        case .active:
            if let retiresAt = key.retiresAt { return (.retires, retiresAt) }
            if let next = document.keys.first(where: { $0.state(at: now) == .next }),
                let start = plannedActivation(of: next, in: document, at: now)
            {
                return (.retires, document.policy.retirement(ofPredecessorAt: start))
            }
            return KeyPlan.nextKeyCreation(in: document).map { (.successor, max($0, now)) } ?? (.none, nil)
        case .retired: return (.removed, key.removedAt)
        case .gone: return (.none, nil)
        }
    }

    /// The time from which `key` signs: its activation time, if one is set. Otherwise the later of two times: one
    /// rotation interval after the last activation of any key, and the time at which every verifier has `key`. `nil` if
    /// the key does not sign until an operator runs a command.
    static func plannedActivation(of key: KeyRecord, in document: KeyringDocument, at now: Timestamp) -> Timestamp? {
        if let activatesAt = key.activatesAt { return activatesAt }
        guard let interval = document.policy.rotationInterval, let last = document.keys.compactMap(\.activatesAt).max()
        else { return nil }
        return max(last + interval, document.earliestActivation(of: key, at: now))
    }
}

/// A key and the time at which it started to sign.
package struct KeyActivation: Sendable, Hashable {
    package let keyID: String
    package let time: Timestamp

    /// Returns the time at which `key` started to sign; `nil` if it has not started by `now`. Also `nil` for a key that
    /// signs from its creation, because the audit record of the creation then covers the activation.
    package init?(_ key: KeyListing, at now: Timestamp) {
        guard let time = key.activatesAt, time <= now, time > key.createdAt else { return nil }
        keyID = key.keyID
        self.time = time
    }
}

/// A refresh token HMAC key as `signet keys list` shows it. Contains no key material.
package struct RefreshSecretListing: Sendable, Hashable {
    /// The next thing that happens to an HMAC key.
    package enum Event: String, Sendable {
        /// Signet starts to make new refresh tokens with the HMAC key.
        case used
        /// Signet stops making new refresh tokens with the HMAC key, and makes them with a newer HMAC key.
        case replaced
        /// The HMAC key is deleted, because no session can hold a refresh token made with it.
        case removed
        /// Nothing happens to the HMAC key until an operator runs `signet keys rotate --refresh-secret`.
        case none
    }

    /// The id of the HMAC key. Refresh tokens made with the key contain this id. The key's file has it in its name.
    package let id: UInt8
    /// `next` before the HMAC key is used, `active` while new refresh tokens are made with it, `retired` while older
    /// refresh tokens made with it may be valid, then `gone`.
    package let state: KeyState
    package let createdAt: Timestamp
    package let activatesAt: Timestamp
    package let removedAt: Timestamp?
    package let nextEvent: Event
    /// The time of ``nextEvent``; `nil` if ``nextEvent`` is `none`.
    package let nextAt: Timestamp?

    init(_ secret: RefreshSecretRecord, in document: KeyringDocument, at now: Timestamp) {
        id = secret.id
        createdAt = secret.createdAt
        activatesAt = secret.activatesAt
        removedAt = secret.removedAt
        let successor = document.refreshSecrets.first { $0.activatesAt > now && $0.id != secret.id }
        if document.currentSecret(at: now)?.id == secret.id {
            state = .active
            (nextEvent, nextAt) = successor.map { (.replaced, $0.activatesAt) } ?? (.none, nil)
        } else if secret.activatesAt > now {
            state = .next
            (nextEvent, nextAt) = (.used, secret.activatesAt)
        } else {
            state = secret.removedAt.map { now >= $0 } == true ? .gone : .retired
            (nextEvent, nextAt) = secret.removedAt.map { (.removed, $0) } ?? (.none, nil)
        }
    }
}
