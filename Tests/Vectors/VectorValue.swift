internal import Foundation

/// A JSON value of a test data file. Foundation reads the file, so that tests of Signet's JSON parser do not depend on
/// that parser.
public enum VectorValue: Sendable, Hashable, Codable {
    case null
    case bool(Bool)
    case integer(Int64)
    case double(Double)
    case string(String)
    case array([VectorValue])
    case object([String: VectorValue])

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let string = try? container.decode(String.self) {
            self = .string(string)
        } else if let object = try? container.decode([String: VectorValue].self) {
            self = .object(object)
        } else if let array = try? container.decode([VectorValue].self) {
            self = .array(array)
        } else if let bool = try? container.decode(Bool.self) {
            self = .bool(bool)
        } else if let integer = try? container.decode(Int64.self) {
            self = .integer(integer)
        } else if let double = try? container.decode(Double.self) {
            self = .double(double)
        } else {
            self = .null
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let bool): try container.encode(bool)
        case .integer(let integer): try container.encode(integer)
        case .double(let double): try container.encode(double)
        case .string(let string): try container.encode(string)
        case .array(let array): try container.encode(array)
        case .object(let object): try container.encode(object)
        }
    }

    /// The value as the bytes of a JSON text.
    public func jsonBytes() throws -> [UInt8] {
        [UInt8](try JSONEncoder().encode(self))
    }

    /// The member called `name`; `nil` if the value is not an object or lacks the member.
    public subscript(_ name: String) -> VectorValue? {
        if case .object(let object) = self { object[name] } else { nil }
    }

    public var string: String? {
        if case .string(let string) = self { string } else { nil }
    }

    public var integer: Int64? {
        if case .integer(let integer) = self { integer } else { nil }
    }

    public var bool: Bool? {
        if case .bool(let bool) = self { bool } else { nil }
    }

    public var array: [VectorValue]? {
        if case .array(let array) = self { array } else { nil }
    }

    public var object: [String: VectorValue]? {
        if case .object(let object) = self { object } else { nil }
    }
}
