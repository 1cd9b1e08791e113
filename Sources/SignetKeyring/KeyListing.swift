package import SignetStore

/// One line of a list of keys. Holds no secrets.
package struct KeyListing: Sendable, Hashable {
    /// What happens to a key next.
    package enum Event: String, Sendable {
        /// It begins to sign.
        case signs
        /// Its successor is made and published.
        case successor
        /// It stops signing.
        case retires
        /// It is published no more.
        case removed
        /// Nothing, until `signet keys rotate`.
        case none
    }

    package let kid: String
    package let state: KeyState
    /// Whether it is the key that signs new tokens.
    package let isSigning: Bool
    /// Whether it has been published for so long that no verifier that goes by its cache headers is without it.
    package let isKnown: Bool
    package let bits: Int
    package let createdAt: Timestamp
    package let activatesAt: Timestamp?
    package let retiresAt: Timestamp?
    package let removedAt: Timestamp?
    package let nextEvent: Event
    /// When that is; `nil` for ``Event/none``.
    package let nextAt: Timestamp?

    init(_ key: KeyRecord, bits: Int, in document: KeyringDocument, at now: Timestamp) {
        kid = key.kid
        state = key.state(at: now)
        isSigning = document.signingKey(at: now)?.kid == key.kid
        isKnown = document.terms.earliestActivation(ofPublishedAt: key.createdAt) <= now
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
            if let activatesAt = key.activatesAt { return (.signs, activatesAt) }
            guard let rotation = document.terms.rotation,
                let last = document.keys.compactMap(\.activatesAt).max()
            else { return (.none, nil) }
            return (.signs, max(last + rotation, document.earliestActivation(of: key, at: now)))
        case .active:
            if let retiresAt = key.retiresAt { return (.retires, retiresAt) }
            if let next = document.keys.first(where: { $0.state(at: now) == .next }),
                case (.signs, let start?) = Self.next(of: next, in: document, at: now)
            {
                return (.retires, document.terms.retirement(ofPredecessorAt: start))
            }
            guard let generation = KeyPlan.nextGeneration(in: document, at: now) else { return (.none, nil) }
            return (.successor, max(generation, now))
        case .retired: return (.removed, key.removedAt)
        case .gone: return (.none, nil)
        }
    }
}
