// Code in this folder encodes and decodes stored records. Existing stores hold records of all versions, so the format
// of a version never changes, and old versions stay readable. A new field needs a new version.

/// Encodes a record for the store: a version byte, followed by the fields in order.
///
/// Integers have a fixed width, most significant byte first. Texts and lists begin with their count in unsigned LEB128.
/// An optional value is a byte 0 for `nil`, or a byte 1 followed by the value.
struct RecordEncoder {
    private(set) var bytes: [UInt8]

    /// Starts a record.
    /// - Parameter version: the version of the format, at least 1.
    init(version: UInt8) {
        bytes = [version]
        bytes.reserveCapacity(256)
    }

    mutating func append(_ value: some FixedWidthInteger) {
        bytes.appendBigEndian(value)
    }

    mutating func append(_ value: Bool) {
        bytes.append(value ? 1 : 0)
    }

    mutating func append(_ time: Timestamp) {
        append(time.milliseconds)
    }

    mutating func append<Record>(_ id: RecordID<Record>) {
        append(id.high)
        append(id.low)
    }

    mutating func append(_ content: [UInt8]) {
        appendCount(content.count)
        bytes.append(contentsOf: content)
    }

    mutating func append(_ text: String) {
        appendCount(text.utf8.count)
        bytes.append(contentsOf: text.utf8)
    }

    mutating func append(_ texts: [String]) {
        appendCount(texts.count)
        for text in texts { append(text) }
    }

    mutating func append<Value>(_ value: Value?, _ appendValue: (inout Self, Value) -> Void) {
        append(value != nil)
        if let value { appendValue(&self, value) }
    }

    private mutating func appendCount(_ count: Int) {
        var rest = count
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }
}

/// Checks that the fields of a record have allowed sizes, before the record is stored.
enum RecordBounds {
    /// Checks the size of one field in bytes.
    /// - Throws: ``StoreError/Code/invalidRecord``, with the name of the field but not its value.
    static func check(
        _ field: String, of kind: String, count: Int, within bounds: ClosedRange<Int>
    ) throws(StoreError) {
        guard bounds.contains(count) else {
            throw StoreError(
                .invalidRecord,
                "\(field) of a \(kind) record has \(count) bytes, expected \(bounds.lowerBound)…\(bounds.upperBound)")
        }
    }
}
