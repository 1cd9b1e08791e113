import JOSE

/// Writes a claims set as JSON, member by member. The members that all tokens share are encoded once, in ``start(of:)``.
struct ClaimsWriter {
    private var bytes: [UInt8]

    /// Encodes members without the closing brace. There must be at least one.
    static func start(of members: JSONObject) -> [UInt8] { Array(members.serialized().dropLast()) }

    /// - Parameters:
    ///   - start: what ``start(of:)`` returned.
    ///   - capacity: the expected length of the claims set in bytes.
    init(start: [UInt8], capacity: Int) {
        bytes = []
        bytes.reserveCapacity(capacity)
        bytes += start
    }

    mutating func append(_ name: StaticString, _ integer: Int64) {
        appendName(name)
        bytes.append(contentsOf: String(integer).utf8)
    }

    /// - Parameter text: text without quotation marks, backslashes and control characters.
    mutating func append(_ name: StaticString, plain text: String) {
        appendName(name)
        bytes.append(UInt8(ascii: "\""))
        bytes.append(contentsOf: text.utf8)
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func append(_ name: StaticString, _ value: JSONValue) {
        appendName(name)
        bytes += value.serialized()
    }

    /// The whole claims set.
    func finish() -> [UInt8] { bytes + [UInt8(ascii: "}")] }

    private mutating func appendName(_ name: StaticString) {
        bytes.append(UInt8(ascii: ","))
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }
}
