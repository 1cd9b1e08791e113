import SignetStore

/// The format number of a store: the version of its layout of tables and keys. The store's meta table holds the number.
enum StoreFormat {
    /// The format number that this code writes. It changes with the tables and keys only, because records have their
    /// own version numbers.
    ///
    /// When a store of an older format is opened, the tables that it lacks are created: see ``Table/format``.
    static let current: UInt32 = 4

    static let key = Array("format".utf8)

    /// The stored form of the format number `format`: the value of ``key`` in the meta table.
    static func value(of format: UInt32) -> [UInt8] {
        format.bigEndianBytes
    }

    /// Reads the format number of a store.
    /// - Parameter value: the bytes under ``key`` in the meta table; `nil` if the row does not exist.
    /// - Throws: ``StoreError/Code/newerVersion`` for a format above ``current``; ``StoreError/Code/corrupt`` if the
    ///   bytes are missing or are not a format number.
    static func read(_ value: [UInt8]?) throws(StoreError) -> UInt32 {
        guard let value, let format = UInt32(bigEndianBytes: value.span) else {
            throw StoreError(.corrupt, "the store has no readable format number; restore it from a backup")
        }
        guard format <= current else {
            throw StoreError(
                .newerVersion, "the store has format \(format); this version of Signet reads up to \(current)")
        }
        guard format >= 1 else {
            throw StoreError(.corrupt, "the store has format \(format), which does not exist; restore it from a backup")
        }
        return format
    }
}
