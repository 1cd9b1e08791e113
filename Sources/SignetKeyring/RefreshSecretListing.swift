package import SignetStore

/// One line of a list of the secrets behind refresh tokens. Holds nothing of the secret itself.
package struct RefreshSecretListing: Sendable, Hashable {
    /// What happens to a secret next.
    package enum Event: String, Sendable {
        /// New refresh tokens are made with it.
        case used
        /// New refresh tokens are made with its successor.
        case replaced
        /// It is deleted: no session can hold a token made with it.
        case removed
        /// Nothing, until `signet keys rotate --refresh-secret`.
        case none
    }

    /// The id in the tokens made with it, and in the name of its file.
    package let id: UInt8
    /// `next` before it is used, `active` while new tokens are made with it, `retired` while old ones may come.
    package let state: KeyState
    package let createdAt: Timestamp
    package let activatesAt: Timestamp
    package let removedAt: Timestamp?
    package let nextEvent: Event
    /// When that is; `nil` for ``Event/none``.
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
