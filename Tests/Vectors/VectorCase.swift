/// One test case of a test data file.
public struct VectorCase: Sendable, CustomStringConvertible {
    /// The case's identifier, unique within its file.
    public let id: String
    /// Every member of the case, including `id`.
    public let members: [String: VectorValue]

    init(_ value: VectorValue, knownKeys: Set<String>) throws {
        guard let members = value.object, let id = members["id"]?.string else {
            throw VectorError("a case is not an object with an id")
        }
        let unknown = Set(members.keys).subtracting(knownKeys)
        guard unknown.isEmpty else {
            throw VectorError("case \(id) has keys this test does not know: \(unknown.sorted())")
        }
        self.id = id
        self.members = members
    }

    public var description: String { id }

    public subscript(_ key: String) -> VectorValue? { members[key] }

    /// Returns the member called `key`. Throws if it is missing or not a string.
    public func string(_ key: String) throws -> String {
        guard let string = members[key]?.string else { throw VectorError("case \(id): \(key) is not a string") }
        return string
    }

    /// Returns the bytes of a member that is a string of hexadecimal digits, two for each byte. Throws for any other
    /// member.
    public func bytes(hexadecimal key: String) throws -> [UInt8] {
        let digits = try string(key).utf8.map { digit -> UInt8? in
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
            default: nil
            }
        }
        guard digits.count % 2 == 0, !digits.contains(nil) else {
            throw VectorError("case \(id): \(key) is not hexadecimal")
        }
        let values = digits.compactMap(\.self)
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }

    /// Returns the member called `key` as the bytes of a JSON text. Throws if it is missing.
    public func jsonBytes(_ key: String) throws -> [UInt8] {
        guard let value = members[key] else { throw VectorError("case \(id) has no \(key)") }
        return try value.jsonBytes()
    }
}
