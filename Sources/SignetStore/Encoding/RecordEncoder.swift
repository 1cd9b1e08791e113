/// Writes one record's stored form: a version byte, then its fields in order.
///
/// Integers have a fixed width, most significant byte first. Texts and lists are led by their count as unsigned LEB128.
/// An optional is a byte 0, or a byte 1 and the value.
struct RecordEncoder {
    private(set) var bytes: [UInt8]

    /// Starts a record of `version`, which is at least 1.
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
