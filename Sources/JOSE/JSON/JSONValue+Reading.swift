extension JSONValue {
    /// Reads a JSON text strictly, as ``JSONScanner`` does.
    ///
    /// - Parameter maximumCount: The largest accepted text in bytes. A longer text is refused without reading it.
    package init(parsing bytes: Span<UInt8>, maximumCount: Int = 1 << 20) throws(JSONError) {
        var work = 0
        try self.init(parsing: bytes, maximumCount: maximumCount, work: &work)
    }

    /// Reads a JSON text strictly and counts the steps that the scanner takes.
    ///
    /// - Parameters:
    ///   - maximumCount: The largest accepted text in bytes.
    ///   - work: A counter. The number of steps is added to it, even if the text is refused.
    init(parsing bytes: Span<UInt8>, maximumCount: Int, work: inout Int) throws(JSONError) {
        guard bytes.count <= maximumCount else { throw JSONError(.tooLarge, at: maximumCount) }
        var scanner = JSONScanner()
        defer { work += scanner.work }
        self = try scanner.value(in: bytes)
        _ = try scanner.next(in: bytes)
    }

    /// Reads a JSON text strictly, as ``JSONScanner`` does.
    ///
    /// - Parameter maximumCount: The largest accepted text in bytes. A longer text is refused without reading it.
    package init(parsing bytes: [UInt8], maximumCount: Int = 1 << 20) throws(JSONError) {
        try self.init(parsing: bytes.span, maximumCount: maximumCount)
    }
}

extension JSONObject {
    /// Reads a JSON text strictly and refuses a value that is not an object.
    ///
    /// - Parameter maximumCount: The largest accepted text in bytes. A longer text is refused without reading it.
    package init(parsing bytes: Span<UInt8>, maximumCount: Int = 1 << 20) throws(JSONError) {
        var work = 0
        try self.init(parsing: bytes, maximumCount: maximumCount, work: &work)
    }

    /// Reads a JSON object strictly and counts the steps that the scanner takes.
    ///
    /// - Parameters:
    ///   - maximumCount: The largest accepted text in bytes.
    ///   - work: A counter. The number of steps is added to it, even if the text is refused.
    init(parsing bytes: Span<UInt8>, maximumCount: Int, work: inout Int) throws(JSONError) {
        guard
            case .object(let object) = try JSONValue(parsing: bytes, maximumCount: maximumCount, work: &work)
        else { throw JSONError(.notAnObject, at: 0) }
        self = object
    }

    /// Reads a JSON text strictly and refuses a value that is not an object.
    ///
    /// - Parameter maximumCount: The largest accepted text in bytes. A longer text is refused without reading it.
    package init(parsing bytes: [UInt8], maximumCount: Int = 1 << 20) throws(JSONError) {
        try self.init(parsing: bytes.span, maximumCount: maximumCount)
    }
}

extension JSONScanner {
    /// Reads one value with all that it contains. If the caller has already read the first token of the value, it
    /// passes the token as `token`.
    package mutating func value(
        startingWith token: JSONToken? = nil, in bytes: Span<UInt8>
    ) throws(JSONError) -> JSONValue {
        // This method calls itself for nested values. The scanner refuses deep nesting, which bounds the recursion.
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
