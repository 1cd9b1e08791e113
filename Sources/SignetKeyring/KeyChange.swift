package import SignetStore

/// Something that happened to a keyring, for whoever keeps a record of it. Holds no secrets.
package enum KeyChange: Sendable, Hashable {
    /// A key was made.
    case generated(kid: String)
    /// A key that was made elsewhere was taken in.
    case imported(kid: String)
    /// It was decided when a key begins to sign.
    case scheduled(kid: String, activatesAt: Timestamp)
    /// The private half of a retired key was deleted.
    case retired(kid: String)
    /// A retired key is published no more.
    case removed(kid: String)
    /// A key was dropped at once; its tokens are worth nothing.
    case revoked(kid: String)
    /// A secret behind refresh tokens was made.
    case secretGenerated(id: UInt8, activatesAt: Timestamp)
    /// A secret that no session needs was deleted.
    case secretRemoved(id: UInt8)
    /// All secret files were written anew: under a passphrase, or without one.
    case resealed(isEncrypted: Bool)
    /// A service started with other terms.
    case termsChanged

    /// What happened, in a few words.
    package var summary: String {
        switch self {
        case .generated: "key generated"
        case .imported: "key imported"
        case .scheduled: "key scheduled"
        case .retired: "key retired, private half deleted"
        case .removed: "key removed"
        case .revoked: "key revoked"
        case .secretGenerated: "refresh secret generated"
        case .secretRemoved: "refresh secret removed"
        case .resealed(true): "keys encrypted under a new passphrase"
        case .resealed(false): "keys written without a passphrase"
        case .termsChanged: "key terms changed"
        }
    }

    /// The key it happened to, where it was one.
    package var kid: String? {
        switch self {
        case .generated(let kid), .imported(let kid), .scheduled(let kid, _), .retired(let kid), .removed(let kid),
            .revoked(let kid):
            kid
        case .secretGenerated, .secretRemoved, .resealed, .termsChanged: nil
        }
    }
}
