import HTTPFetching

/// The parameters of an `application/x-www-form-urlencoded` body.
///
/// A parameter may occur only once (RFC 6749 section 3.2), unless a specification allows its repetition.
struct FormParameters {
    private var parameters: [(name: String, value: String)] = []

    /// Reads a form. A parameter without a value is treated as omitted (RFC 6749 section 3.1).
    /// - Parameter repeatable: names of parameters that may occur more than once.
    /// - Throws: ``FormError`` for a repeated parameter, a bad escape, text that is not UTF-8, or more than 64
    ///   parameters.
    init(parsing bytes: [UInt8], repeatable: [String] = []) throws(FormError) {
        var start = 0
        while start < bytes.count {
            let end = Self.index(of: UInt8(ascii: "&"), in: bytes.span, start..<bytes.count)
            defer { start = end + 1 }
            guard end > start else { continue }
            guard parameters.count < 64 else { throw FormError("more than 64 parameters") }
            let sign = Self.index(of: UInt8(ascii: "="), in: bytes.span, start..<end)
            guard let name = FormCoding.decode(bytes.span.extracting(start..<sign)),
                let value = FormCoding.decode(bytes.span.extracting(min(sign + 1, end)..<end))
            else { throw FormError("a parameter is not percent-encoded UTF-8") }
            guard repeatable.contains(name) || !parameters.contains(where: { $0.name == name }) else {
                throw FormError("a parameter is repeated")
            }
            parameters.append((name, value))
        }
    }

    /// The index of the first `byte` within `range`, or the end of `range`.
    private static func index(of byte: UInt8, in bytes: Span<UInt8>, _ range: Range<Int>) -> Int {
        range.first { bytes[$0] == byte } ?? range.upperBound
    }

    /// The value of a parameter, or the first value if the parameter occurs more than once; `nil` if the form omits it.
    subscript(_ name: String) -> String? {
        parameters.first { $0.name == name && !$0.value.isEmpty }?.value
    }

    /// All values of a repeatable parameter, in the order of the form.
    func all(_ name: String) -> [String] {
        parameters.compactMap { $0.name == name && !$0.value.isEmpty ? $0.value : nil }
    }
}

/// The reason why a form cannot be read. It contains no parameter value.
struct FormError: Error, Equatable {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
