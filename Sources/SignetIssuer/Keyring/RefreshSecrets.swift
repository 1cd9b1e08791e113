/// The server secrets behind refresh tokens: the one that new tokens are made with, and those whose tokens still live.
package struct RefreshSecrets: Sendable {
    /// Bytes of a secret.
    package static let secretLength = 32

    /// The secret for new tokens.
    package let currentID: UInt8
    private let secrets: [UInt8: [UInt8]]

    /// - Parameter secrets: ``secretLength`` bytes each; must hold `currentID`.
    package init(currentID: UInt8, secrets: [UInt8: [UInt8]]) {
        precondition(secrets[currentID] != nil && secrets.values.allSatisfy { $0.count == Self.secretLength })
        self.currentID = currentID
        self.secrets = secrets
    }

    subscript(id: UInt8) -> [UInt8]? { secrets[id] }
}
