/// The entry of a family (all refresh tokens of one login) in a status list. The status list tells verifiers whether
/// the family was revoked.
package struct StatusListEntry: Sendable, Hashable {
    /// The longest time after `exp` for which a verifier may still accept a token, because of a slow clock and the
    /// verifier's leeway.
    package static let longestLeeway = Duration.seconds(3600)
    /// The longest time from `iat` to `exp` of a published status list.
    package static let longestListLifetime = Duration.seconds(3600)

    package let index: StatusListIndex
    /// The latest expiry of all access tokens that were issued for the session so far.
    package var tokensExpireAt: Timestamp

    package init(index: StatusListIndex, tokensExpireAt: Timestamp) {
        self.index = index
        self.tokensExpireAt = tokensExpireAt
    }

    /// The time until which the entry of an ended session says "revoked". After this time every verifier refuses the
    /// session's access tokens as expired, so the entry is not needed.
    package var revokedUntil: Timestamp { tokensExpireAt + Self.longestLeeway }

    /// The time from which the issuer may give the index to another session. By then, every published list in which the
    /// entry says "revoked" has expired.
    package var reusableAt: Timestamp { revokedUntil + Self.longestListLifetime }
}

/// The position of an entry among all status lists: the number of a list and the offset in that list, combined in one
/// integer.
package struct StatusListIndex: RawRepresentable, Sendable, Hashable, Comparable {
    /// The number of entries in each list.
    ///
    /// A compressed list of this size takes less than 150 kB. That is the worst case, in which half of the entries are
    /// set.
    package static let entriesPerList = 1 << 19
    /// The maximum number of status lists in a store.
    package static let maximumLists = 1 << 13

    package let rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// Combines the number of a list, in 0..<``maximumLists``, with the offset of an entry in that list, in
    /// 0..<``entriesPerList``.
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
