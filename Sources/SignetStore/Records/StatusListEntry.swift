/// A family's entry in a status list, and the time until which its tokens can be valid.
package struct StatusListEntry: Sendable, Hashable {
    /// The largest delay with which a verifier may still accept an expired token, because of a slow clock and its
    /// leeway.
    package static let longestLeeway = Duration.seconds(3600)
    /// The longest time from `iat` to `exp` of a published status list.
    package static let longestListLifetime = Duration.seconds(3600)

    package let index: StatusListIndex
    /// The latest expiry of all access tokens that were issued for the family so far.
    package var tokensExpireAt: Timestamp

    package init(index: StatusListIndex, tokensExpireAt: Timestamp) {
        self.index = index
        self.tokensExpireAt = tokensExpireAt
    }

    /// The entry of an ended family says "revoked" until this time. After it, no verifier accepts the family's tokens.
    package var revokedUntil: Timestamp { tokensExpireAt + Self.longestLeeway }

    /// From this time on another family may get the index. Every published list that says "revoked" has then expired.
    package var reusableAt: Timestamp { revokedUntil + Self.longestListLifetime }
}

/// An index over all status lists. It combines the number of a list with the offset of an entry in that list.
package struct StatusListIndex: RawRepresentable, Sendable, Hashable, Comparable {
    /// The number of entries in each list.
    ///
    /// A compressed list of this size takes less than 150 kB, even in the worst case, in which half of the entries are
    /// set.
    package static let entriesPerList = 1 << 19
    /// The maximum number of status lists in a store.
    package static let maximumLists = 1 << 13

    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// - Parameters:
    ///   - list: the number of a list, 0..<``maximumLists``.
    ///   - offset: the offset of an entry, 0..<``entriesPerList``.
    package init(list: Int, offset: Int) {
        precondition((0..<Self.maximumLists).contains(list) && (0..<Self.entriesPerList).contains(offset))
        rawValue = UInt32(list * Self.entriesPerList + offset)
    }

    /// The number of the list.
    package var list: Int { Int(rawValue) / Self.entriesPerList }

    /// The offset of the entry in its list.
    package var offset: Int { Int(rawValue) % Self.entriesPerList }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// A status list entry that says "revoked" until a given time.
package struct RevokedStatusListEntry: Sendable, Hashable {
    /// The offset of the entry in its list.
    package let offset: Int
    /// When the entry stops saying "revoked".
    package let until: Timestamp

    package init(offset: Int, until: Timestamp) {
        self.offset = offset
        self.until = until
    }
}
