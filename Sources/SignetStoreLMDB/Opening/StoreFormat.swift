import SignetStore

/// What a store says about itself in its meta table.
enum StoreFormat {
    /// The layout of tables and keys that this code writes. Records carry versions of their own.
    static let current: UInt32 = 1

    static let key = Array("format".utf8)

    static var value: [UInt8] {
        stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: current >> $0) }
    }

    /// - Parameter value: what stands under ``key``.
    /// - Throws: ``StoreError/Code/newerVersion`` for a format above ``current``, ``StoreError/Code/corrupt`` for
    ///   anything else that is not ``current``.
    static func check(_ value: [UInt8]?) throws(StoreError) {
        guard let value, value.count == 4 else {
            throw StoreError(.corrupt, "the store does not say which format it has")
        }
        let format = value.reduce(0) { $0 << 8 | UInt32($1) }
        guard format <= current else {
            throw StoreError(
                .newerVersion, "the store has format \(format); this version of Signet reads up to \(current)")
        }
        guard format == current else { throw StoreError(.corrupt, "the store has format \(format), which never was") }
    }
}
