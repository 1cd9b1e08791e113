package import SignetStore

/// A signing key as `signet keys list` shows it.
package struct KeyListing: Sendable, Hashable {
    /// The next thing that happens to a key.
    package enum Event: String, Sendable {
        /// It starts to sign.
        case signs
        /// Its successor is created and published.
        case successor
        /// It stops signing.
        case retires
        /// It is no longer published.
        case removed
        /// Nothing happens until `signet keys rotate`.
        case none
    }

    package let keyID: String
    package let state: KeyState
    /// Whether new tokens are signed with this key.
    package let isSigning: Bool
    /// Whether the key has been published long enough that every verifier that honours the cache headers has it.
    package let isKnown: Bool
    /// The length of the modulus in bits.
    package let bits: Int
    package let createdAt: Timestamp
    package let activatesAt: Timestamp?
    package let retiresAt: Timestamp?
    package let removedAt: Timestamp?
    package let nextEvent: Event
    /// The time of ``nextEvent``; `nil` for ``Event/none``.
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

    /// The time from which a next key signs, as scheduled or as the rotation interval implies; `nil` if it waits for a
    /// command.
    static func plannedActivation(of key: KeyRecord, in document: KeyringDocument, at now: Timestamp) -> Timestamp? {
        if let activatesAt = key.activatesAt { return activatesAt }
        guard let interval = document.policy.rotationInterval, let last = document.keys.compactMap(\.activatesAt).max()
        else { return nil }
        return max(last + interval, document.earliestActivation(of: key, at: now))
    }
}

/// The fact that a key started to sign.
package struct KeyActivation: Sendable, Hashable {
    package let keyID: String
    package let time: Timestamp

    /// `nil` if the key has not started by `now`, or has signed since its creation.
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
        /// New refresh tokens are made with it.
        case used
        /// New refresh tokens are made with its successor.
        case replaced
        /// It is deleted, because no session can hold a token made with it.
        case removed
        /// Nothing happens until `signet keys rotate --refresh-secret`.
        case none
    }

    /// The id in the tokens made with it, and in the name of its file.
    package let id: UInt8
    /// `next` before it is used, `active` while new tokens are made with it, `retired` while old tokens may be
    /// presented.
    package let state: KeyState
    package let createdAt: Timestamp
    package let activatesAt: Timestamp
    package let removedAt: Timestamp?
    package let nextEvent: Event
    /// The time of ``nextEvent``; `nil` for ``Event/none``.
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
