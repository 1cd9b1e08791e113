/// The server secrets behind refresh tokens: the one that new tokens are made with, and those whose tokens still live.
package struct RefreshSecrets: Sendable {
    /// Bytes of a secret.
    package static let secretLength = 32

    /// The secret for new tokens.
    package let currentID: UInt8
    private let secrets: [UInt8: [UInt8]]
    private let missing: Set<UInt8>

    /// - Parameters:
    ///   - secrets: ``secretLength`` bytes each; must hold `currentID`, unless that is missing.
    ///   - missing: the ids of those that there are and that could not be read.
    package init(currentID: UInt8, secrets: [UInt8: [UInt8]], missing: Set<UInt8> = []) {
        precondition(
            (secrets[currentID] != nil || missing.contains(currentID))
                && secrets.values.allSatisfy { $0.count == Self.secretLength })
        self.currentID = currentID
        self.missing = missing
        self.secrets = secrets
    }

    package subscript(id: UInt8) -> [UInt8]? { secrets[id] }

    /// Whether `keyring.json` names the secret but its file could not be read. Its tokens may be valid.
    package func isUnreadable(_ id: UInt8) -> Bool { missing.contains(id) }
}
