import SignetStore

/// A key that was dropped at once because it can be trusted no more. Its tokens are worth nothing from then on, and it
/// never comes back.
struct KeyRevocation: Sendable, Hashable {
    let kid: String
    let revokedAt: Timestamp
}
