import HTTPFetching

/// The parameters of an `application/x-www-form-urlencoded` body.
///
/// A parameter may occur only once (RFC 6749 section 3.2), unless a specification allows its repetition.
struct FormParameters {
    private let values: [String: [String]]

    /// Reads a form. A parameter without a value is treated as omitted (RFC 6749 section 3.1).
    /// - Parameter repeatable: names of parameters that may occur more than once.
    /// - Throws: ``FormError`` for a repeated parameter, a bad escape, text that is not UTF-8, or more than 64
    ///   parameters.
    init(parsing bytes: [UInt8], repeatable: [String] = []) throws(FormError) {
        var values: [String: [String]] = [:]
        let pairs = bytes.split(separator: UInt8(ascii: "&"))
        guard pairs.count <= 64 else { throw FormError("more than 64 parameters") }
        for pair in pairs {
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            let rest = pair[name.endIndex...].dropFirst()
            guard let key = FormCoding.decode(name), let value = FormCoding.decode(rest) else {
                throw FormError("a parameter is not percent-encoded UTF-8")
            }
            guard values[key] == nil || repeatable.contains(key) else { throw FormError("a parameter is repeated") }
            values[key, default: []].append(value)
        }
        self.values = values.mapValues { $0.filter { !$0.isEmpty } }
    }

    /// The value of a parameter, or the first value if the parameter occurs more than once; `nil` if the form omits it.
    subscript(_ name: String) -> String? { values[name]?.first }

    /// All values of a repeatable parameter, in the order of the form.
    func all(_ name: String) -> [String] { values[name] ?? [] }
}

/// The reason why a form cannot be read. It contains no parameter value.
struct FormError: Error, Equatable {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
