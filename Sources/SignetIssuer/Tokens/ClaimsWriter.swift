import JOSE

/// Writes a claims set as JSON, member by member.
struct ClaimsWriter {
    /// A member of a JSON object, encoded: the name, a colon and the value.
    struct Member: Sendable {
        fileprivate let bytes: [UInt8]

        init(_ name: String, _ value: JSONValue) {
            let object: JSONObject = [name: value]
            // The encoded object without its braces.
            bytes = Array(object.serialized().dropFirst().dropLast())
        }
    }

    private var bytes: [UInt8] = []

    /// Starts an empty claims set. `capacity` is its expected length in bytes.
    init(capacity: Int) { bytes.reserveCapacity(capacity) }

    mutating func append(_ member: Member) {
        separate()
        bytes += member.bytes
    }

    mutating func append(_ name: StaticString, _ integer: Int64) {
        appendName(name)
        bytes.append(contentsOf: String(integer).utf8)
    }

    /// Appends a string without escaping. `text` must have no quotation mark, backslash or control character.
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

    /// Appends the opening brace if there is no member yet; otherwise a comma.
    private mutating func separate() { bytes.append(bytes.isEmpty ? UInt8(ascii: "{") : UInt8(ascii: ",")) }

    /// The whole claims set. It must have at least one member.
    func finish() -> [UInt8] { bytes + [UInt8(ascii: "}")] }

    private mutating func appendName(_ name: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        name.withUTF8Buffer { unsafe bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }
}
