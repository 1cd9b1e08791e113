package import SignetStore

/// A change that was made to a keyring. Contains no key material.
package enum KeyChange: Sendable, Hashable {
    /// A signing key was generated.
    case generated(keyID: String)
    /// A signing key that was made outside Signet was imported.
    case imported(keyID: String)
    /// The time from which a key signs was set.
    case scheduled(keyID: String, activatesAt: Timestamp)
    /// The private half of a retired key was deleted.
    case retired(keyID: String)
    /// A retired key was removed from the keyring, and is no longer published.
    case removed(keyID: String)
    /// A key was revoked. It is no longer published, and introspection reports its tokens as inactive.
    case revoked(keyID: String)
    /// A refresh token HMAC key was generated.
    case secretGenerated(id: UInt8, activatesAt: Timestamp)
    /// A refresh token HMAC key was deleted, because all sessions with refresh tokens made with it have ended.
    case secretRemoved(id: UInt8)
    /// All key files were written again, with or without encryption.
    case reencrypted(isEncrypted: Bool)
    /// The key policy in `keyring.json` was changed to fit the settings of a service.
    case policyChanged

    /// The change in a few words, for the log.
    package var summary: String {
        switch self {
        case .generated: "key generated"
        case .imported: "key imported"
        case .scheduled: "key scheduled"
        case .retired: "key retired, private half deleted"
        case .removed: "key removed"
        case .revoked: "key revoked"
        case .secretGenerated: "refresh token HMAC key generated"
        case .secretRemoved: "refresh token HMAC key removed"
        case .reencrypted(true): "keys encrypted with a new passphrase"
        case .reencrypted(false): "encryption of the keys removed"
        case .policyChanged: "key policy changed"
        }
    }

    /// The ID of the signing key that was changed; `nil` if the change is not about one signing key.
    package var keyID: String? {
        switch self {
        case .generated(let keyID), .imported(let keyID), .scheduled(let keyID, _), .retired(let keyID),
            .removed(let keyID), .revoked(let keyID):
            keyID
        case .secretGenerated, .secretRemoved, .reencrypted, .policyChanged: nil
        }
    }
}
