/// How the secret files lie on the disk.
struct KeyringEncryption: Sendable, Hashable {
    /// Counts how often all of them were written anew under another passphrase; part of their names, so that
    /// `keyring.json` changes from the old ones to the new ones in one step.
    let generation: Int64
    /// Whether they are encrypted.
    let isEncrypted: Bool

    static let first = KeyringEncryption(generation: 0, isEncrypted: false)
}
