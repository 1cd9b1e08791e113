import SignetStore

extension UInt32 {
    /// The four bytes, most significant first; their order is the order of the numbers.
    var bytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: self >> (24 - 8 * UInt32($0))) } }

    /// Reads four bytes, most significant first; `nil` for any other count.
    init?(bytes: ArraySlice<UInt8>) {
        guard bytes.count == 4 else { return nil }
        self = bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
}

extension StatusListIndex {
    var bytes: [UInt8] { rawValue.bytes }
}
