/// A family's entry in the status lists, and how long it matters.
package struct StatusListEntry: Sendable, Hashable {
    /// The most by which a verifier's clock may be late, its policy's leeway included: a token that expired this long ago
    /// is accepted by nobody.
    package static let longestLeeway = Duration.seconds(3600)
    /// The longest that a published list may be relied on: its `exp` is no later than this after its `iat`.
    package static let longestListLifetime = Duration.seconds(3600)

    package let index: StatusListIndex
    /// When the last access token that may have been made for the family so far has expired.
    package var tokensExpireAt: Timestamp

    package init(index: StatusListIndex, tokensExpireAt: Timestamp) {
        self.index = index
        self.tokensExpireAt = tokensExpireAt
    }

    /// Until when the entry is set once the family has died: from then on nobody accepts one of its tokens anyway.
    package var revokedUntil: Timestamp { tokensExpireAt + Self.longestLeeway }

    /// From when on another family may have the index: no list in which the entry is set is relied on any more.
    package var reusableAt: Timestamp { revokedUntil + Self.longestListLifetime }
}
