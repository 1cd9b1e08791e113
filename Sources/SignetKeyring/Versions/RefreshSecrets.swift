/// The HMAC keys behind refresh tokens: one for new tokens, and those whose tokens are still valid.
package struct RefreshSecrets: Sendable {
    /// The length of an HMAC key in bytes.
    package static let secretLength = RefreshSecretFile.secretLength

    /// The id of the HMAC key for new tokens.
    package let currentID: UInt8
    private let secrets: [UInt8: [UInt8]]
    private let unreadable: Set<UInt8>

    /// - Parameters:
    ///   - secrets: by id, ``secretLength`` bytes each. Must contain `currentID` unless that is in `unreadable`.
    ///   - unreadable: the ids of HMAC keys that exist but could not be read.
    package init(currentID: UInt8, secrets: [UInt8: [UInt8]], unreadable: Set<UInt8> = []) {
        precondition(
            (secrets[currentID] != nil || unreadable.contains(currentID))
                && secrets.values.allSatisfy { $0.count == Self.secretLength })
        self.currentID = currentID
        self.unreadable = unreadable
        self.secrets = secrets
    }

    /// The HMAC key with this id; `nil` if there is none or it could not be read.
    package subscript(id: UInt8) -> [UInt8]? { secrets[id] }

    /// Whether the HMAC key exists but could not be read. Its tokens may be valid.
    package func isUnreadable(_ id: UInt8) -> Bool { unreadable.contains(id) }
}
