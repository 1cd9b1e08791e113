import HTTPFetching
import JOSE
import SignetIssuer

/// Reads the fields of a JSON body and collects the faults of invalid fields.
///
/// Pass ``faults`` to the issuer together with the fields. The issuer adds its own faults, so that one response lists
/// all faults of the request.
struct BodyFields {
    let object: JSONObject
    private(set) var faults: [FieldError] = []

    init(_ object: JSONObject) { self.object = object }

    /// Returns a text field; `nil` if the field is missing or null. If the field has another type, adds a fault and
    /// returns `nil`.
    mutating func text(_ name: String) -> String? {
        switch object[name] {
        case .string(let text): return text
        case nil, .null: return nil
        default:
            faults.append(FieldError(field: name, code: .wrongType, message: "\(name) must be a string"))
            return nil
        }
    }

    /// Returns the texts of a field that is one string or an array of strings; empty if the field is missing or null. If
    /// the field has another type or more than `limit` strings, adds a fault and returns no text.
    mutating func texts(_ name: String, atMost limit: Int) -> [String] {
        switch object[name] {
        case nil, .null: return []
        case .string(let text): return [text]
        case .array(let values):
            guard values.count <= limit else {
                faults.append(
                    FieldError(field: name, code: .tooLong, message: "\(name) must have at most \(limit) values"))
                return []
            }
            let texts = values.compactMap(\.string)
            if texts.count == values.count { return texts }
        default: break
        }
        faults.append(
            FieldError(field: name, code: .wrongType, message: "\(name) must be a string or an array of strings"))
        return []
    }

    /// Returns a field whose text must be a raw value of `Value`; `fallback` if the field is missing. For any other
    /// text, adds a fault and returns `fallback`.
    mutating func choice<Value: RawRepresentable & CaseIterable>(_ name: String, default fallback: Value) -> Value
    where Value.RawValue == String {
        guard let text = text(name) else { return fallback }
        if let value = Value(rawValue: text) { return value }
        let values = Value.allCases.map(\.rawValue).joined(separator: " or ")
        faults.append(FieldError(field: name, code: .invalidValue, message: "\(name) must be \(values)"))
        return fallback
    }

    /// Throws an error if any field was invalid. Call it if the issuer does not get ``faults``.
    /// - Throws: ``IssuerError`` `invalidInput` with all faults.
    func check() throws(IssuerError) {
        guard faults.isEmpty else { throw IssuerError(.invalidInput, "invalid fields", fields: faults) }
    }
}

/// Reads query parameters and collects their faults. Ignores unknown parameters.
struct QueryFields {
    private let query: Substring
    private var faults: [FieldError] = []

    init(_ request: APIRequest) { query = request.query ?? "" }

    /// Returns a query parameter, converted by `read`; `nil` if the parameter is missing. If the parameter is repeated
    /// or `read` returns `nil`, adds a fault and returns `nil`.
    /// - Parameter expected: the valid values, for the message `<name> must be <expected>`.
    mutating func value<Value>(_ name: String, expected: String, _ read: (String) -> Value?) -> Value? {
        let values = query.split(separator: "&").compactMap { pair -> String?? in
            let key = pair.prefix { $0 != "=" }
            guard FormCoding.decode(key) == name else { return nil }
            return .some(FormCoding.decode(pair[key.endIndex...].dropFirst()))
        }
        guard let first = values.first else { return nil }
        if values.count == 1, let value = first.flatMap(read) { return value }
        faults.append(
            FieldError(field: name, code: .invalidValue, message: "\(name) must be \(expected)"))
        return nil
    }

    /// Throws an error if any query parameter was invalid.
    /// - Throws: ``IssuerError`` `invalidInput` with all faults.
    func check() throws(IssuerError) {
        guard faults.isEmpty else {
            throw IssuerError(.invalidInput, "invalid query parameters", fields: faults)
        }
    }
}
