extension JSONScanner {
    /// Reads the string whose opening quotation mark is at the current position, and moves past the closing one.
    mutating func string(in bytes: Span<UInt8>) throws(JSONError) -> JSONText {
        let start = position + 1
        var cursor = start
        // How many bytes longer the escapes read so far are than the UTF-8 of their characters.
        var surplus = 0
        skipPlainBlocks(at: &cursor, in: bytes)
        while cursor < bytes.count {
            let byte = bytes[cursor]
            switch byte {
            case UInt8(ascii: "\""):
                position = cursor + 1
                return JSONText(range: start..<cursor, count: cursor - start - surplus)
            case UInt8(ascii: "\\"):
                surplus += try escape(at: &cursor, in: bytes)
            case ..<0x20:
                throw JSONError(.controlCharacter, at: cursor)
            case ..<0x80:
                cursor += 1
            default:
                try multibyteScalar(at: &cursor, in: bytes)
            }
        }
        throw JSONError(.unexpectedEnd, at: cursor)
    }

    /// Moves `cursor` past blocks of sixteen ASCII bytes that contain no quotation mark, backslash or control
    /// character.
    ///
    /// The inner loop has no branches, so the compiler can use vector instructions.
    private func skipPlainBlocks(at cursor: inout Int, in bytes: Span<UInt8>) {
        while cursor &+ 16 <= bytes.count {
            var marks: UInt8 = 0
            for offset in 0..<16 {
                // The highest bit of `marks` becomes 1 for a quotation mark, a backslash, or a byte outside
                // 0x20...0x7F.
                let byte = unsafe bytes[unchecked: cursor &+ offset]
                let quotationMark = byte ^ UInt8(ascii: "\"")
                let backslash = byte ^ UInt8(ascii: "\\")
                marks |= (quotationMark &- 1) & ~quotationMark
                marks |= (backslash &- 1) & ~backslash
                marks |= (byte &- 0x20) | byte
            }
            if marks >= 0x80 { return }
            cursor &+= 16
        }
    }

    /// Moves `cursor` past one escape. Returns how many bytes longer the escape is than the UTF-8 of its character.
    private func escape(at cursor: inout Int, in bytes: Span<UInt8>) throws(JSONError) -> Int {
        guard cursor + 1 < bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
        switch bytes[cursor + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            cursor += 2
            return 1
        case UInt8(ascii: "u"):
            let start = cursor
            let unit = try codeUnit(at: &cursor, in: bytes)
            switch unit {
            case ..<0x80: return 5
            case ..<0x800: return 4
            case 0xD800..<0xDC00:
                guard cursor + 1 < bytes.count, bytes[cursor] == UInt8(ascii: "\\"),
                    bytes[cursor + 1] == UInt8(ascii: "u")
                else { throw JSONError(.loneSurrogate, at: start) }
                let low = try codeUnit(at: &cursor, in: bytes)
                guard 0xDC00..<0xE000 ~= low else { throw JSONError(.loneSurrogate, at: start) }
                return 8
            case 0xDC00..<0xE000:
                throw JSONError(.loneSurrogate, at: start)
            default: return 3
            }
        default:
            throw JSONError(.invalidEscape, at: cursor)
        }
    }

    /// Reads the four hexadecimal digits of the `\u` escape at `cursor` and moves `cursor` past the escape.
    private func codeUnit(at cursor: inout Int, in bytes: Span<UInt8>) throws(JSONError) -> UInt32 {
        guard cursor + 6 <= bytes.count else { throw JSONError(.unexpectedEnd, at: bytes.count) }
        var unit: UInt32 = 0
        for offset in cursor + 2..<cursor + 6 {
            guard let digit = Self.hexadecimal(bytes[offset]) else { throw JSONError(.invalidEscape, at: cursor) }
            unit = unit << 4 | digit
        }
        cursor += 6
        return unit
    }

    /// Moves `cursor` past one scalar of two to four bytes. Refuses byte sequences that table 3-7 of the Unicode
    /// Standard excludes.
    private func multibyteScalar(at cursor: inout Int, in bytes: Span<UInt8>) throws(JSONError) {
        let (count, second): (Int, ClosedRange<UInt8>)
        switch bytes[cursor] {
        case 0xC2...0xDF: (count, second) = (2, 0x80...0xBF)
        case 0xE0: (count, second) = (3, 0xA0...0xBF)
        case 0xED: (count, second) = (3, 0x80...0x9F)
        case 0xE1...0xEF: (count, second) = (3, 0x80...0xBF)
        case 0xF0: (count, second) = (4, 0x90...0xBF)
        case 0xF1...0xF3: (count, second) = (4, 0x80...0xBF)
        case 0xF4: (count, second) = (4, 0x80...0x8F)
        default: throw JSONError(.invalidUTF8, at: cursor)
        }
        guard cursor + count <= bytes.count, second ~= bytes[cursor + 1] else {
            throw JSONError(.invalidUTF8, at: cursor)
        }
        for offset in cursor + 2..<cursor + count where bytes[offset] & 0xC0 != 0x80 {
            throw JSONError(.invalidUTF8, at: cursor)
        }
        cursor += count
    }

    static func hexadecimal(_ byte: UInt8) -> UInt32? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
        default: nil
        }
    }
}
