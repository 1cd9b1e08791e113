import SignetStore

/// What a store says about itself in its meta table.
enum StoreFormat {
    /// The layout of tables and keys that this code writes. Records carry versions of their own.
    ///
    /// An older store gets the tables that it lacks when it is opened: see ``Table/format``.
    static let current: UInt32 = 4

    static let key = Array("format".utf8)

    /// What stands under ``key`` in a store of `format`.
    static func value(of format: UInt32) -> [UInt8] {
        format.bigEndianBytes
    }

    /// Reads the format.
    /// - Parameter value: what stands under ``key``.
    /// - Throws: ``StoreError/Code/newerVersion`` for a format above ``current``, ``StoreError/Code/corrupt`` for
    ///   anything else that never was one.
    static func read(_ value: [UInt8]?) throws(StoreError) -> UInt32 {
        guard let value, let format = UInt32(bigEndianBytes: value.span) else {
            throw StoreError(.corrupt, "the store does not say which format it has")
        }
        guard format <= current else {
            throw StoreError(
                .newerVersion, "the store has format \(format); this version of Signet reads up to \(current)")
        }
        guard format >= 1 else { throw StoreError(.corrupt, "the store has format \(format), which never was") }
        return format
    }
}
