/// Where a string lies in a JSON text, already checked but not yet unescaped.
///
/// Every method wants the same bytes that the scanner read.
package struct JSONText: Sendable, Equatable {
    private let start: UInt32
    private let end: UInt32
    /// How many bytes of UTF-8 the string has after unescaping.
    package let count: Int

    /// The bytes between the quotation marks, escapes and all.
    package var range: Range<Int> { Int(start)..<Int(end) }

    /// Whether a backslash occurs; every escape is longer than what it stands for.
    package var isEscaped: Bool { Int(end - start) != count }

    init(range: Range<Int>, count: Int) {
        start = UInt32(truncatingIfNeeded: range.lowerBound)
        end = UInt32(truncatingIfNeeded: range.upperBound)
        self.count = count
    }

    /// The string itself.
    package func string(in bytes: Span<UInt8>) -> String {
        String(unescaping: self, in: bytes)
    }

    /// Whether the string is exactly `other`, byte for byte: no Unicode normalisation.
    package func isExactly(_ other: StaticString, in bytes: Span<UInt8>) -> Bool {
        guard count == other.utf8CodeUnitCount else { return false }
        let expected = unsafe UnsafeBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount)
        guard isEscaped else {
            for offset in 0..<count {
                guard unsafe bytes[Int(start) + offset] == expected[offset] else { return false }
            }
            return true
        }
        var unescaped = JSONUnescaping(self)
        var position = 0
        while let byte = unescaped.next(in: bytes) {
            guard unsafe byte == expected[position] else { return false }
            position += 1
        }
        return true
    }
}

extension String {
    fileprivate init(unescaping text: JSONText, in bytes: Span<UInt8>) {
        self = unsafe String(unsafeUninitializedCapacity: text.count) { buffer in
            if text.isEscaped {
                var unescaped = JSONUnescaping(text)
                var position = 0
                while let byte = unescaped.next(in: bytes) {
                    unsafe buffer[position] = byte
                    position += 1
                }
                return position
            }
            let raw = bytes.extracting(text.range)
            return unsafe raw.withUnsafeBufferPointer { unsafe buffer.update(fromContentsOf: $0) }
        }
    }
}
