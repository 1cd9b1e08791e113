/// The HMAC keys for refresh tokens: the one that makes new refresh tokens, and older ones whose refresh tokens are
/// still valid.
package struct RefreshSecrets: Sendable {
    /// The length of an HMAC key in bytes.
    package static let secretLength = RefreshSecretFile.secretLength

    /// The id of the HMAC key with which new refresh tokens are made.
    package let currentID: UInt8
    private let secrets: [UInt8: [UInt8]]
    private let unreadable: Set<UInt8>

    /// Collects the HMAC keys for refresh tokens.
    /// - Parameters:
    ///   - currentID: the id of the HMAC key for new tokens. It must be in `secrets` or in `unreadable`.
    ///   - secrets: the HMAC keys by id, ``secretLength`` bytes each.
    ///   - unreadable: the ids of HMAC keys that exist but could not be read.
    package init(currentID: UInt8, secrets: [UInt8: [UInt8]], unreadable: Set<UInt8> = []) {
        precondition(
            (secrets[currentID] != nil || unreadable.contains(currentID))
                && secrets.values.allSatisfy { $0.count == Self.secretLength })
        self.currentID = currentID
        self.unreadable = unreadable
        self.secrets = secrets
    }

    /// The HMAC key with this id; `nil` if no HMAC key has the id, or if its file could not be read.
    package subscript(id: UInt8) -> [UInt8]? { secrets[id] }

    /// Whether the HMAC key with this id exists but could not be read. Refresh tokens that it made may still be valid,
    /// so do not treat them as forged.
    package func isUnreadable(_ id: UInt8) -> Bool { unreadable.contains(id) }
}
