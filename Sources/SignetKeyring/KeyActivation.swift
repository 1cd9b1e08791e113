package import SignetStore

/// That a key began to sign, and when.
package struct KeyActivation: Sendable, Hashable {
    package let kid: String
    package let time: Timestamp

    /// `nil` for a key that has not begun at `now`, and for one that signed from the moment it was made.
    package init?(_ key: KeyListing, at now: Timestamp) {
        guard let time = key.activatesAt, time <= now, time > key.createdAt else { return nil }
        kid = key.kid
        self.time = time
    }
}
