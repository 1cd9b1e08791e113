/// Reads a JSON text token by token, strictly after RFC 8259, without building a tree.
///
/// It keeps its place but not the bytes: every call gets the same `bytes`. What it hands out has been checked in full:
/// UTF-8, escapes, surrogate pairs, the range of numbers, and that no object names a member twice (by the unescaped
/// name). Time is linear in the length of the text, memory too, and nothing is allocated for a text of up to sixteen
/// members. After an error it must not be asked again. A text must have less than 4 GiB.
package struct JSONScanner: ~Copyable {
    /// How deep arrays and objects may nest: the outermost is depth one.
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
    /// One bit for every open container, the innermost lowest: set for an object.
    private var objects: UInt64 = 0
    private var names = JSONNameSet()

    package init() {}

    /// How many bytes were read so far.
    package var offset: Int { position }

    /// How much was done so far: bytes read, plus bytes and entries looked at to find duplicate names.
    package var work: Int { position + names.work }

    /// The next token of `bytes`; after ``JSONToken/endOfText`` there is none.
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

    /// Reads past one whole value: the one that comes next, or the rest of the one that `token` began.
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

    /// The first byte that is no whitespace, not yet consumed; `nil` at the end.
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
