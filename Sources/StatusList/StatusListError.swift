/// Why bytes are no status list.
package enum StatusListError: Error, Sendable, CaseIterable {
    /// Not the ZLIB format, cut off, with a wrong checksum, or with bytes behind its end.
    case malformed
    /// More entries than are accepted.
    case tooLarge
    /// No entry at all.
    case empty
    case outOfMemory
}
