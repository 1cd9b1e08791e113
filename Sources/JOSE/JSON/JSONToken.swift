/// One step of a JSON text, as ``JSONScanner`` reports it.
package enum JSONToken: Sendable, Equatable {
    case beginObject
    case endObject
    case beginArray
    case endArray
    /// The name of a member; its value follows.
    case name(JSONText)
    case string(JSONText)
    /// A number without fraction and exponent.
    case integer(Int64)
    /// A number with fraction or exponent; always finite.
    case double(Double)
    case bool(Bool)
    case null
    /// The one value of the text is complete and nothing but whitespace followed.
    case endOfText
}

extension JSONToken {
    /// Whether it is a string, and exactly this one, byte for byte.
    package func isExactly(_ string: StaticString, in bytes: Span<UInt8>) -> Bool {
        if case .string(let text) = self { text.isExactly(string, in: bytes) } else { false }
    }
}
