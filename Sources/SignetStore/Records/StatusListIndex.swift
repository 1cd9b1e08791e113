/// The number of one entry among all status lists: which list, and where in it.
package struct StatusListIndex: RawRepresentable, Sendable, Hashable, Comparable {
    /// Entries of one list.
    ///
    /// With that many, a list in which every second entry is set, the worst there is, still takes less than 150 kB when
    /// it is served.
    package static let entriesPerList = 1 << 19
    /// Most lists of one store.
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

    /// The list's number.
    package var list: Int { Int(rawValue) / Self.entriesPerList }

    /// The entry's place in its list.
    package var offset: Int { Int(rawValue) % Self.entriesPerList }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}
