import JOSE
import SignetIssuer

/// Decodes the text fields of a JSON body and collects the faults. Hand ``faults`` to the issuer with the fields, so that
/// one answer names every fault of the request.
struct RequestFields {
    let object: JSONObject
    private(set) var faults: [FieldError] = []

    init(_ object: JSONObject) { self.object = object }

    /// The text of a field; `nil` if the field is missing or, with a fault, not a string.
    mutating func text(_ name: String) -> String? {
        switch object[name] {
        case .string(let text): return text
        case nil, .null: return nil
        default:
            faults.append(FieldError(field: name, code: .wrongType, message: "\(name) must be a string"))
            return nil
        }
    }

    /// One of a few texts, `fallback` when it is missing; `fallback` as well after noting a fault for any other value.
    mutating func choice<Value: RawRepresentable & CaseIterable>(_ name: String, default fallback: Value) -> Value
    where Value.RawValue == String {
        guard let text = text(name) else { return fallback }
        if let value = Value(rawValue: text) { return value }
        let values = Value.allCases.map(\.rawValue).joined(separator: " or ")
        faults.append(FieldError(field: name, code: .invalidValue, message: "\(name) must be \(values)"))
        return fallback
    }
}
