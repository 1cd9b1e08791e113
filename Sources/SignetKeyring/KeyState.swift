/// The place of a signing key in its life.
package enum KeyState: String, Sendable, CaseIterable {
    /// Published, so that every verifier has it before it signs.
    case next
    /// Published and signing.
    case active
    /// Published until the last token it signed has expired; its private half is deleted.
    case retired
    /// Neither published nor of any use.
    case gone
}
