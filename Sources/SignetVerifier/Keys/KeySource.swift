/// Where a verifier gets its keys from.
public protocol KeySource: Sendable {
    /// The keys at hand, at once: no waiting and no actor hop, because every token asks. It may start a refresh in the
    /// background. `nil` when there are none that may be used.
    func keysAtHand() -> KeySet?

    /// The keys after looking for better ones; called when ``keysAtHand()`` had none, or none with `keyID`.
    ///
    /// - Parameter keyID: The `kid` that a token names and that is not at hand; `nil` when any keys would do. It comes
    ///   from a token that nobody has checked yet, so an implementation bounds the work that it causes.
    /// - Returns: The best keys known, with or without `keyID`.
    /// - Throws: ``VerificationError`` with `keysUnavailable` when nobody can tell now.
    func keys(for keyID: String?) async throws(VerificationError) -> KeySet

    /// The keys after looking for others than `tried`; called for a token without `kid` that none of these has signed. It
    /// is bounded as an unknown `kid` is. Sources that cannot look for more need not implement it.
    ///
    /// - Throws: ``VerificationError`` with `keysUnavailable` when nobody can tell now.
    func keys(otherThan tried: KeySet) async throws(VerificationError) -> KeySet
}

extension KeySource {
    /// What ``keys(for:)`` gives when any keys would do.
    public func keys(otherThan tried: KeySet) async throws(VerificationError) -> KeySet { try await keys(for: nil) }
}
