package import SignetStore

/// One line of a list of keys. Holds no secrets.
package struct KeyListing: Sendable, Hashable {
    package let kid: String
    package let state: KeyState
    /// Whether it is the key that signs new tokens.
    package let isSigning: Bool
    package let bits: Int
    package let createdAt: Timestamp
    package let activatesAt: Timestamp
    package let retiresAt: Timestamp?
    package let removedAt: Timestamp?
}
