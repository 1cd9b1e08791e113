import SignetStore

/// What `keyring.json` says about one server secret behind refresh tokens.
struct RefreshSecretRecord: Sendable, Hashable {
    /// The secret id in the tokens made with it.
    let id: UInt8
    /// Tells a damaged secret from the right one and says nothing else about it; see ``RefreshSecretFile``.
    let fingerprint: [UInt8]
    let createdAt: Timestamp
}
