/// Media types as `typ` spells them.
package enum MediaType {
    /// Whether two values of `typ` name one media type: `application/` may be left out of a value that has no other
    /// slash, and the case of ASCII letters does not matter (RFC 7515 §4.1.9).
    package static func areEqual(_ left: String, _ right: String) -> Bool {
        if left.isExactly(right) { return true }
        let left = essence(left)
        let right = essence(right)
        return left.count == right.count && zip(left, right).allSatisfy { lowercase($0) == lowercase($1) }
    }

    /// The type without an `application/` that could be left out.
    private static func essence(_ type: String) -> Substring.UTF8View {
        let prefix = "application/".utf8
        let utf8 = type.utf8[...]
        guard utf8.count > prefix.count, zip(utf8, prefix).allSatisfy({ lowercase($0) == $1 }) else { return utf8 }
        let rest = utf8.dropFirst(prefix.count)
        return rest.contains(UInt8(ascii: "/")) ? utf8 : rest
    }

    private static func lowercase(_ byte: UInt8) -> UInt8 {
        UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte ? byte | 0x20 : byte
    }
}
