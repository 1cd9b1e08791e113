// The folder Values has the identifiers, times, integers and errors that records and stores use.

/// A random 128-bit identifier of one kind of record, written as a lower-case UUID (RFC 9562, version 4).
///
/// The type parameter `Record` names the kind of record, so the compiler refuses a user's id where a client's id is
/// expected.
package struct RecordID<Record>: Sendable, Hashable, Comparable, CustomStringConvertible {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes a new version 4 UUID.
    /// - Parameter generator: the source of the random bits.
    package static func random(using generator: inout some RandomNumberGenerator) -> Self {
        version4(generator.next(), generator.next())
    }

    /// Makes a new version 4 UUID from the system's random source.
    package static func random() -> Self {
        // Do not use a local `SystemRandomNumberGenerator` here. Its size is 0, so the thread sanitizer takes two local
        // generators on different threads for one variable and reports a data race.
        version4(.random(in: .min ... .max), .random(in: .min ... .max))
    }

    private static func version4(_ high: UInt64, _ low: UInt64) -> Self {
        Self(high: high & ~0xF000 | 0x4000, low: low & ~(0b11 << 62) | 0b10 << 62)
    }

    /// The 16 bytes of the id, most significant first. Ids sort in the same order as their bytes.
    package var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(16)
        bytes.appendBigEndian(high)
        bytes.appendBigEndian(low)
        return bytes
    }

    /// Reads an id from its 16 bytes, most significant first. Returns `nil` if there are not exactly 16 bytes.
    package init?(bytes: Span<UInt8>) {
        guard bytes.count == 16, let high = UInt64(bigEndianBytes: bytes.extracting(first: 8)),
            let low = UInt64(bigEndianBytes: bytes.extracting(last: 8))
        else { return nil }
        self.init(high: high, low: low)
    }

    /// Reads an id from its text form: 36 characters, lower-case hexadecimal digits and four hyphens, as in
    /// `01234567-89ab-4cde-8123-456789abcdef`. Returns `nil` for any other text.
    package init?(_ text: String) {
        guard let halves = UUIDText.halves(of: text) else { return nil }
        (high, low) = halves
    }

    package var description: String { UUIDText.text(high, low) }

    package static func < (left: Self, right: Self) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

/// Converts between a UUID and its text form (RFC 9562 section 4). This type is not generic, unlike `RecordID`, because
/// generic code of another module is not specialised and would be slower. Every request reads and writes ids.
private enum UUIDText {
    static func halves(of text: String) -> (high: UInt64, low: UInt64)? {
        let bytes = text.utf8Span.span
        guard bytes.count == 36 else { return nil }
        var (high, low) = (UInt64(0), UInt64(0))
        var digits = 0
        for index in bytes.indices {
            let byte = bytes[index]
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
                continue
            }
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            default: return nil
            }
            if digits < 16 { high = high << 4 | UInt64(digit) } else { low = low << 4 | UInt64(digit) }
            digits += 1
        }
        return (high, low)
    }

    static func text(_ high: UInt64, _ low: UInt64) -> String {
        unsafe String(unsafeUninitializedCapacity: 36) { buffer in
            var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
            for digit in 0..<32 {
                if digit == 8 || digit == 12 || digit == 16 || digit == 20 { output.append(UInt8(ascii: "-")) }
                let half = digit < 16 ? high : low
                let value = UInt8(truncatingIfNeeded: half >> UInt64(60 - 4 * (digit % 16))) & 0xF
                output.append(value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10)
            }
            return unsafe output.finalize(for: buffer)
        }
    }
}
