import SignetStore

/// The number that a store's meta table gives for its layout of tables and keys.
enum StoreFormat {
    /// The format that this code writes. Records have versions of their own.
    ///
    /// Opening a store of an older format adds the missing tables: see ``Table/format``.
    static let current: UInt32 = 4

    static let key = Array("format".utf8)

    /// The value that a store of `format` has under ``key``.
    static func value(of format: UInt32) -> [UInt8] {
        format.bigEndianBytes
    }

    /// Reads the format of a store.
    /// - Parameter value: the value under ``key``; `nil` if there is none.
    /// - Throws: ``StoreError/Code/newerVersion`` for a format above ``current``; ``StoreError/Code/corrupt`` if the
    ///   value is missing or is no format.
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
