// This folder reads and writes strict JSON (RFC 8259). Its types do not depend on tokens or keys.

/// Reads a JSON text token by token, strictly by RFC 8259, without building a tree.
///
/// The scanner stores its position but not the text, so the caller must pass the same `bytes` to every call. The
/// scanner checks UTF-8, escapes, surrogate pairs and number ranges, and refuses names that are equal after unescaping.
/// Time and memory are linear in the length of the text. A text with at most sixteen members usually needs no
/// allocation.
///
/// Do not call a scanner again after it threw. A text must be shorter than 4 GiB.
package struct JSONScanner: ~Copyable {
    /// The deepest accepted nesting of JSON arrays and objects. The outermost array or object has depth one.
    package static let maximumDepth = 32

    private enum Expectation {
        case value
        case valueOrEndOfArray
        case nameOrEndOfObject
        case separatorOrEnd
        case endOfText
    }

    var position = 0
    private var expectation = Expectation.value
    private var depth = 0
    /// One bit per open array or object: 1 for an object, 0 for an array. The lowest bit is for the innermost.
    private var objects: UInt64 = 0
    private var names = JSONNameSet()

    package init() {}

    /// The number of bytes read so far.
    package var offset: Int { position }

    /// The number of steps so far: bytes read, plus the work of finding duplicate names. Tests use this counter to
    /// check that reading takes linear time.
    package var work: Int { position + names.work }

    /// Returns the next token of `bytes`. After it returned ``JSONToken/endOfText``, do not call this method again.
    package mutating func next(in bytes: Span<UInt8>) throws(JSONError) -> JSONToken {
        var byte = skipWhitespace(in: bytes)
        if expectation == .separatorOrEnd {
            guard byte == UInt8(ascii: ",") else {
                return try end(byte, in: bytes)
            }
            position += 1
            byte = skipWhitespace(in: bytes)
            if objects & 1 == 1 { return try name(startingWith: byte, in: bytes) }
        }
        switch expectation {
        case .value, .separatorOrEnd:
            return try value(startingWith: byte, in: bytes)
        case .valueOrEndOfArray:
            return byte == UInt8(ascii: "]") ? close(.endArray) : try value(startingWith: byte, in: bytes)
        case .nameOrEndOfObject:
            return byte == UInt8(ascii: "}") ? close(.endObject) : try name(startingWith: byte, in: bytes)
        case .endOfText:
            guard byte == nil else { throw JSONError(.trailingBytes, at: position) }
            return .endOfText
        }
    }

    /// Skips one value with all that it contains. If the caller has already read the first token of the value, it
    /// passes the token as `token`.
    package mutating func skipValue(startingWith token: JSONToken? = nil, in bytes: Span<UInt8>) throws(JSONError) {
        var open = 0
        var token = if let token { token } else { try next(in: bytes) }
        while true {
            switch token {
            case .beginObject, .beginArray: open += 1
            case .endObject, .endArray: open -= 1
            default: break
            }
            if open == 0 { return }
            token = try next(in: bytes)
        }
    }

    /// Skips whitespace and returns the next byte without consuming it; `nil` at the end of the text.
    private mutating func skipWhitespace(in bytes: Span<UInt8>) -> UInt8? {
        while position < bytes.count {
            let byte = bytes[position]
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return byte
            }
        }
        return nil
    }

    private mutating func value(startingWith byte: UInt8?, in bytes: Span<UInt8>) throws(JSONError) -> JSONToken {
        switch byte {
        case UInt8(ascii: "\""):
            let text = try string(in: bytes)
            valueIsComplete()
            return .string(text)
        case UInt8(ascii: "{"):
            try open(isObject: true)
            names.beginObject(depth: depth)
            expectation = .nameOrEndOfObject
            return .beginObject
        case UInt8(ascii: "["):
            try open(isObject: false)
            expectation = .valueOrEndOfArray
            return .beginArray
        case UInt8(ascii: "-"), (UInt8(ascii: "0")...UInt8(ascii: "9"))?:
            let number = try number(in: bytes)
            valueIsComplete()
            return number
        case UInt8(ascii: "t"):
            try literal("true", in: bytes)
            return .bool(true)
        case UInt8(ascii: "f"):
            try literal("false", in: bytes)
            return .bool(false)
        case UInt8(ascii: "n"):
            try literal("null", in: bytes)
            return .null
        default:
            throw unexpected(byte)
        }
    }

    private mutating func name(startingWith byte: UInt8?, in bytes: Span<UInt8>) throws(JSONError) -> JSONToken {
        guard byte == UInt8(ascii: "\"") else { throw unexpected(byte) }
        let start = position
        let text = try string(in: bytes)
        guard names.insert(text, depth: depth, in: bytes) else { throw JSONError(.duplicateMember, at: start) }
        let colon = skipWhitespace(in: bytes)
        guard colon == UInt8(ascii: ":") else { throw unexpected(colon) }
        position += 1
        expectation = .value
        return .name(text)
    }

    private mutating func end(_ byte: UInt8?, in bytes: Span<UInt8>) throws(JSONError) -> JSONToken {
        switch (byte, objects & 1) {
        case (UInt8(ascii: "}"), 1): return close(.endObject)
        case (UInt8(ascii: "]"), 0): return close(.endArray)
        default: throw unexpected(byte)
        }
    }

    private mutating func open(isObject: Bool) throws(JSONError) {
        guard depth < Self.maximumDepth else { throw JSONError(.tooDeep, at: position) }
        depth += 1
        objects = objects << 1 | (isObject ? 1 : 0)
        position += 1
    }

    private mutating func close(_ token: JSONToken) -> JSONToken {
        depth -= 1
        objects >>= 1
        position += 1
        valueIsComplete()
        return token
    }

    private mutating func valueIsComplete() {
        expectation = depth == 0 ? .endOfText : .separatorOrEnd
    }

    private mutating func literal(_ word: String, in bytes: Span<UInt8>) throws(JSONError) {
        for expected in word.utf8 {
            guard position < bytes.count else { throw JSONError(.unexpectedEnd, at: position) }
            guard bytes[position] == expected else { throw JSONError(.unexpectedByte, at: position) }
            position += 1
        }
        valueIsComplete()
    }

    private func unexpected(_ byte: UInt8?) -> JSONError {
        JSONError(byte == nil ? .unexpectedEnd : .unexpectedByte, at: position)
    }
}

/// One token of a JSON text, as ``JSONScanner`` reports it.
package enum JSONToken: Sendable, Equatable {
    case beginObject
    case endObject
    case beginArray
    case endArray
    /// The name of a member. The tokens of its value follow.
    case name(JSONText)
    case string(JSONText)
    /// A number without fraction or exponent.
    case integer(Int64)
    /// A number with a fraction or an exponent; always finite.
    case double(Double)
    case bool(Bool)
    case null
    /// The end of the text. The value is complete, and only whitespace follows it.
    case endOfText
}

extension JSONToken {
    /// Whether the token is a string value with exactly the bytes of `string`, without Unicode normalisation.
    package func isExactly(_ string: StaticString, in bytes: Span<UInt8>) -> Bool {
        if case .string(let text) = self { text.isExactly(string, in: bytes) } else { false }
    }
}

/// The error for a text that is not strict JSON (RFC 8259).
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The text has more bytes than the caller accepts.
        case tooLarge
        /// The text is empty or ends inside a value.
        case unexpectedEnd
        /// A byte that the grammar does not allow here, for example in a comment, a trailing comma, `NaN` or a byte
        /// order mark.
        case unexpectedByte
        /// Bytes other than whitespace follow the value.
        case trailingBytes
        /// Arrays and objects nest deeper than ``JSONScanner/maximumDepth``.
        case tooDeep
        /// An object has two members with the same name after unescaping.
        case duplicateMember
        /// A string is not valid UTF-8 (RFC 3629): overlong, a surrogate, beyond U+10FFFF, or cut short.
        case invalidUTF8
        /// A string contains an unescaped control character (below U+0020).
        case controlCharacter
        /// A backslash begins no escape that JSON defines.
        case invalidEscape
        /// A `\u` escape is one half of a surrogate pair without the other.
        case loneSurrogate
        /// A number breaks RFC 8259 §6, for example with leading zeros, a bare decimal point or a plus sign.
        case invalidNumber
        /// An integer does not fit into 64 bits, a number is not a finite double, or a number has more than 128
        /// characters.
        case numberOutOfRange
        /// The text is valid JSON but not an object.
        case notAnObject
    }

    package let code: Code
    /// The position of the fault in the text, in bytes.
    package let offset: Int

    package init(_ code: Code, at offset: Int) {
        self.code = code
        self.offset = offset
    }

    package var description: String { "JSON error \(code.rawValue) at byte \(offset)" }
}
