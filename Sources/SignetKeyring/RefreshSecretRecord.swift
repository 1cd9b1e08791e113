import SignetStore

/// What `keyring.json` says about one server secret behind refresh tokens.
struct RefreshSecretRecord: Sendable, Hashable {
    /// The secret id in the tokens made with it.
    let id: UInt8
    /// Tells a damaged secret from the right one and says nothing else about it; see ``RefreshSecretFile``.
    let fingerprint: [UInt8]
    let createdAt: Timestamp
    /// From when on new tokens are made with it. All nodes have it by then.
    let activatesAt: Timestamp
    /// From when on no session can hold a token made with it; `nil` while it is the last one.
    var removedAt: Timestamp?

    init(
        id: UInt8, fingerprint: [UInt8], createdAt: Timestamp, activatesAt: Timestamp? = nil,
        removedAt: Timestamp? = nil
    ) {
        self.id = id
        self.fingerprint = fingerprint
        self.createdAt = createdAt
        self.activatesAt = activatesAt ?? createdAt
        self.removedAt = removedAt
    }
}
