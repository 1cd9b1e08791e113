/// Reads numbers from the bytes of a page.
///
/// LMDB writes in the byte order of the machine, which is little-endian wherever this runs.
struct PageBytes {
    private let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var count: Int { bytes.count }

    /// The number at `offset`, which must lie inside with all its bytes.
    func number<Value: FixedWidthInteger & UnsignedInteger>(_: Value.Type, at offset: Int) -> Value {
        bytes[offset..<offset + Value.bitWidth / 8].reversed().reduce(0) { $0 << 8 | Value($1) }
    }
}
