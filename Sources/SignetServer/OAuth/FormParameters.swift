/// The parameters of an `application/x-www-form-urlencoded` body, each at most once (RFC 6749 section 3.2) but for those
/// that a specification lets repeat.
struct FormParameters {
    private let values: [String: [String]]

    /// Reads a form. A parameter without a value counts as left out, as RFC 6749 section 3.1 wants it.
    /// - Parameter repeatable: the names that may stand there more than once.
    /// - Throws: ``FormError`` for a repeated parameter, a bad escape, text that is not UTF-8, or over 64 parameters.
    init(parsing bytes: [UInt8], repeatable: Set<String> = []) throws(FormError) {
        var values: [String: [String]] = [:]
        let pairs = bytes.split(separator: UInt8(ascii: "&"))
        guard pairs.count <= 64 else { throw FormError("more than 64 parameters") }
        for pair in pairs {
            let name = pair.prefix { $0 != UInt8(ascii: "=") }
            let rest = pair[name.endIndex...].dropFirst()
            guard let key = FormEncoding.decode(name), let value = FormEncoding.decode(rest) else {
                throw FormError("a parameter is not percent-encoded UTF-8")
            }
            guard values[key] == nil || repeatable.contains(key) else { throw FormError("a parameter is repeated") }
            values[key, default: []].append(value)
        }
        self.values = values.mapValues { $0.filter { !$0.isEmpty } }
    }

    /// The value of a parameter that does not repeat.
    subscript(_ name: String) -> String? { values[name]?.first }

    /// All values of a parameter that may repeat, in the order of the form.
    func all(_ name: String) -> [String] { values[name] ?? [] }
}
