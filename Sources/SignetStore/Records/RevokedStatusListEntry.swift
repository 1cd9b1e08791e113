/// An entry of a status list that is set, and until when.
package struct RevokedStatusListEntry: Sendable, Hashable {
    /// The entry's place in its list.
    package let offset: Int
    /// From then on the entry is not set any more.
    package let until: Timestamp

    package init(offset: Int, until: Timestamp) {
        self.offset = offset
        self.until = until
    }
}
