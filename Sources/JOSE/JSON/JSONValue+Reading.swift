extension JSONValue {
    /// Reads one JSON text strictly, as ``JSONScanner`` does.
    ///
    /// - Parameter maximumCount: how many bytes to accept; longer texts are refused unread.
    package init(parsing bytes: Span<UInt8>, maximumCount: Int = 1 << 20) throws(JSONError) {
        var work = 0
        try self.init(parsing: bytes, maximumCount: maximumCount, work: &work)
    }

    /// Reads one JSON text strictly, as ``JSONScanner`` does.
    ///
    /// - Parameter work: Grows by what the scanner did, also when the text is refused.
    init(parsing bytes: Span<UInt8>, maximumCount: Int, work: inout Int) throws(JSONError) {
        guard bytes.count <= maximumCount else { throw JSONError(.tooLarge, at: maximumCount) }
        var scanner = JSONScanner()
        defer { work += scanner.work }
        self = try scanner.value(in: bytes)
        _ = try scanner.next(in: bytes)
    }

    /// Reads one JSON text strictly, as ``JSONScanner`` does.
    ///
    /// - Parameter maximumCount: how many bytes to accept; longer texts are refused unread.
    package init(parsing bytes: [UInt8], maximumCount: Int = 1 << 20) throws(JSONError) {
        try self.init(parsing: bytes.span, maximumCount: maximumCount)
    }
}

extension JSONObject {
    /// Reads one JSON text strictly; anything but an object is refused as well.
    ///
    /// - Parameter maximumCount: how many bytes to accept; longer texts are refused unread.
    package init(parsing bytes: Span<UInt8>, maximumCount: Int = 1 << 20) throws(JSONError) {
        var work = 0
        try self.init(parsing: bytes, maximumCount: maximumCount, work: &work)
    }

    /// Reads one JSON text strictly; anything but an object is refused as well.
    ///
    /// - Parameter work: Grows by what the scanner did, also when the text is refused.
    init(parsing bytes: Span<UInt8>, maximumCount: Int, work: inout Int) throws(JSONError) {
        guard
            case .object(let object) = try JSONValue(parsing: bytes, maximumCount: maximumCount, work: &work)
        else { throw JSONError(.notAnObject, at: 0) }
        self = object
    }

    /// Reads one JSON text strictly; anything but an object is refused as well.
    ///
    /// - Parameter maximumCount: how many bytes to accept; longer texts are refused unread.
    package init(parsing bytes: [UInt8], maximumCount: Int = 1 << 20) throws(JSONError) {
        try self.init(parsing: bytes.span, maximumCount: maximumCount)
    }
}

extension JSONScanner {
    /// The next value as a whole, or the rest of the one that `token` began.
    package mutating func value(
        startingWith token: JSONToken? = nil, in bytes: Span<UInt8>
    ) throws(JSONError) -> JSONValue {
        // The recursion is as deep as the text nests, which the scanner bounds.
        let first = if let token { token } else { try next(in: bytes) }
        switch first {
        case .string(let text): return .string(text.string(in: bytes))
        case .integer(let integer): return .integer(integer)
        case .double(let double): return .double(double)
        case .bool(let bool): return .bool(bool)
        case .beginArray:
            var elements: [JSONValue] = []
            while true {
                let token = try next(in: bytes)
                if token == .endArray { return .array(elements) }
                elements.append(try value(startingWith: token, in: bytes))
            }
        case .beginObject:
            var members: [JSONObject.Member] = []
            while case .name(let name) = try next(in: bytes) {
                members.append(JSONObject.Member(name: name.string(in: bytes), value: try value(in: bytes)))
            }
            return .object(JSONObject(distinct: members))
        case .null, .name, .endArray, .endObject, .endOfText:
            return .null
        }
    }
}
