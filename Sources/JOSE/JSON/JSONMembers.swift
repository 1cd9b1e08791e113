/// Copies members of a JSON object as text, without decoding their values.
package enum JSONMembers {
    /// Appends the members of the object `text` to `output`, byte for byte, with a comma after each member. Leaves out
    /// the members whose names are in `names`.
    /// - Throws: ``JSONError`` if `text` is not a strict JSON object. In this case, `output` may contain some members
    ///   already.
    package static func append(
        of text: Span<UInt8>, except names: [StaticString], to output: inout [UInt8]
    ) throws(JSONError) {
        var scanner = JSONScanner()
        guard try scanner.next(in: text) == .beginObject else { throw JSONError(.unexpectedByte, at: 0) }
        while case .name(let name) = try scanner.next(in: text) {
            // Start at the quotation mark before the name, because `name.range` excludes it.
            let start = name.range.lowerBound - 1
            try scanner.skipValue(in: text)
            guard !names.contains(where: { name.isExactly($0, in: text) }) else { continue }
            for index in start..<scanner.offset { output.append(text[index]) }
            output.append(UInt8(ascii: ","))
        }
        _ = try scanner.next(in: text)
    }
}
