/// A family's entry in a status list, and the time until which its tokens can be valid.
package struct StatusListEntry: Sendable, Hashable {
    /// The most that a verifier's clock may be late, its leeway included. No verifier accepts a token that expired
    /// longer ago.
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

    /// How long the entry of an ended family says "revoked". After this time no verifier accepts the family's tokens.
    package var revokedUntil: Timestamp { tokensExpireAt + Self.longestLeeway }

    /// When another family may get the index. After this time every published list that says "revoked" has expired.
    package var reusableAt: Timestamp { revokedUntil + Self.longestListLifetime }
}

/// An index over all status lists: the number of a list and the offset of an entry in that list.
package struct StatusListIndex: RawRepresentable, Sendable, Hashable, Comparable {
    /// The number of entries in each list.
    ///
    /// A compressed list of this size stays below 150 kB even if every second entry is set, which compresses worst.
    package static let entriesPerList = 1 << 19
    /// The most lists that a store can have.
    package static let maximumLists = 1 << 13

    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// - Parameters:
    ///   - list: 0..<``maximumLists``.
    ///   - offset: 0..<``entriesPerList``.
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

/// An entry of a status list that says "revoked", and until when.
package struct RevokedStatusListEntry: Sendable, Hashable {
    /// The offset of the entry in its list.
    package let offset: Int
    /// From this time on the entry counts as valid again.
    package let until: Timestamp

    package init(offset: Int, until: Timestamp) {
        self.offset = offset
        self.until = until
    }
}
