extension JSONScanner {
    /// The longest accepted number in a JSON text, in characters. The limit keeps the conversion cheap; no claim needs
    /// a longer number.
    static let maximumNumberCount = 128

    /// Reads the number at the current position, whose first character is a digit or a minus sign.
    mutating func number(in bytes: Span<UInt8>) throws(JSONError) -> JSONToken {
        let start = position
        var cursor = start
        let isNegative = bytes[cursor] == UInt8(ascii: "-")
        if isNegative { cursor += 1 }

        var magnitude: UInt64 = 0
        var overflows = false
        let integerStart = cursor
        while let digit = Self.digit(at: cursor, in: bytes) {
            let (product, first) = magnitude.multipliedReportingOverflow(by: 10)
            let (sum, second) = product.addingReportingOverflow(UInt64(digit))
            magnitude = sum
            overflows = overflows || first || second
            cursor += 1
        }
        let integerCount = cursor - integerStart
        guard integerCount > 0 else { throw malformedNumber(at: cursor, in: bytes) }
        guard integerCount == 1 || bytes[integerStart] != UInt8(ascii: "0") else {
            throw JSONError(.invalidNumber, at: integerStart)
        }

        var isInteger = true
        if cursor < bytes.count, bytes[cursor] == UInt8(ascii: ".") {
            isInteger = false
            cursor += 1
            try digits(at: &cursor, in: bytes)
        }
        if cursor < bytes.count, bytes[cursor] | 0x20 == UInt8(ascii: "e") {
            isInteger = false
            cursor += 1
            if cursor < bytes.count, bytes[cursor] == UInt8(ascii: "+") || bytes[cursor] == UInt8(ascii: "-") {
                cursor += 1
            }
            try digits(at: &cursor, in: bytes)
        }

        position = cursor
        let outOfRange = JSONError(.numberOutOfRange, at: start)
        guard cursor - start <= Self.maximumNumberCount else { throw outOfRange }
        if isInteger {
            guard !overflows else { throw outOfRange }
            guard isNegative else {
                guard let integer = Int64(exactly: magnitude) else { throw outOfRange }
                return .integer(integer)
            }
            guard magnitude <= Int64.min.magnitude else { throw outOfRange }
            return .integer(Int64(truncatingIfNeeded: 0 &- magnitude))
        }
        let text = JSONText(range: start..<cursor, count: cursor - start).string(in: bytes)
        guard let double = Double(text), double.isFinite else { throw outOfRange }
        return .double(double)
    }

    /// Moves `cursor` past one or more digits.
    private func digits(at cursor: inout Int, in bytes: Span<UInt8>) throws(JSONError) {
        guard Self.digit(at: cursor, in: bytes) != nil else { throw malformedNumber(at: cursor, in: bytes) }
        while Self.digit(at: cursor, in: bytes) != nil {
            cursor += 1
        }
    }

    private static func digit(at cursor: Int, in bytes: Span<UInt8>) -> UInt8? {
        guard cursor < bytes.count, UInt8(ascii: "0")...UInt8(ascii: "9") ~= bytes[cursor] else { return nil }
        return bytes[cursor] - UInt8(ascii: "0")
    }

    private func malformedNumber(at cursor: Int, in bytes: Span<UInt8>) -> JSONError {
        JSONError(cursor < bytes.count ? .invalidNumber : .unexpectedEnd, at: cursor)
    }
}
