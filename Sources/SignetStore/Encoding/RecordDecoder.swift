/// Reads the fields of a record that ``RecordEncoder`` wrote.
///
/// Throws ``StoreError/Code/corrupt`` for all other bytes: if bytes are missing or left over, if a text is not UTF-8,
/// or if a count is too large or not in its shortest form. Within one format version, a record therefore has exactly
/// one encoding.
struct RecordDecoder {
    /// The version of the record's format, from 1 to `newest`.
    let version: UInt8
    private let kind: String
    private let bytes: [UInt8]
    private var position = 1

    /// Reads the version byte.
    /// - Parameters:
    ///   - kind: the record's name in errors, for example "user".
    ///   - newest: the newest version that this code can read.
    /// - Throws: ``StoreError/Code/newerVersion`` for a version above `newest`; ``StoreError/Code/corrupt`` if the
    ///   version is 0 or missing.
    init(_ bytes: [UInt8], kind: String, newest: UInt8) throws(StoreError) {
        guard let version = bytes.first, version > 0 else {
            throw StoreError(.corrupt, "a \(kind) record has no version")
        }
        guard version <= newest else {
            throw StoreError(
                .newerVersion, "a \(kind) record has version \(version); this version of Signet reads up to \(newest)")
        }
        self.version = version
        self.kind = kind
        self.bytes = bytes
    }

    mutating func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) throws(StoreError) -> Value {
        let end = position + Value.bitWidth / 8
        guard end <= bytes.count, let value = Value(bigEndianBytes: bytes.span.extracting(position..<end)) else {
            throw corrupt("fewer bytes than its fields need")
        }
        position = end
        return value
    }

    mutating func flag() throws(StoreError) -> Bool {
        switch try integer(UInt8.self) {
        case 0: return false
        case 1: return true
        default: throw corrupt("a flag that is neither 0 nor 1")
        }
    }

    mutating func time() throws(StoreError) -> Timestamp {
        Timestamp(milliseconds: try integer())
    }

    mutating func id<Record>() throws(StoreError) -> RecordID<Record> {
        RecordID(high: try integer(), low: try integer())
    }

    mutating func content() throws(StoreError) -> [UInt8] {
        Array(try take(try count()))
    }

    mutating func text() throws(StoreError) -> String {
        let count = try count()
        guard count <= bytes.count - position else { throw corrupt("fewer bytes than its fields need") }
        let bytes = bytes
        guard let text = try? UTF8Span(validating: bytes.span.extracting(position..<position + count)) else {
            throw corrupt("text that is not UTF-8")
        }
        position += count
        return String(copying: text)
    }

    mutating func texts() throws(StoreError) -> [String] {
        let count = try count()
        // Each text takes at least one byte. Refuse a count above the number of remaining bytes before memory is
        // reserved for it.
        guard count <= bytes.count - position else { throw corrupt("a list longer than the record") }
        var texts: [String] = []
        texts.reserveCapacity(count)
        for _ in 0..<count { texts.append(try text()) }
        return texts
    }

    mutating func optional<Value>(
        _ decodeValue: (inout Self) throws(StoreError) -> Value
    ) throws(StoreError) -> Value? {
        try flag() ? try decodeValue(&self) : nil
    }

    /// Checks that no bytes follow the last field. Call it after the last field was read.
    func finish() throws(StoreError) {
        guard position == bytes.count else { throw corrupt("\(bytes.count - position) bytes after its last field") }
    }

    func corrupt(_ finding: String) -> StoreError {
        StoreError(.corrupt, "a \(kind) record has \(finding)")
    }

    private mutating func take(_ count: Int) throws(StoreError) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else { throw corrupt("fewer bytes than its fields need") }
        defer { position += count }
        return bytes[position..<position + count]
    }

    private mutating func count() throws(StoreError) -> Int {
        var count = 0
        for shift in stride(from: 0, to: 28, by: 7) {
            let byte = try integer(UInt8.self)
            count |= Int(byte & 0x7F) << shift
            guard byte & 0x80 == 0 else { continue }
            guard byte != 0 || shift == 0 else { break }
            return count
        }
        throw corrupt("a count that is out of range or not in its shortest form")
    }
}
