import JOSE
import SignetIssuer

/// Reads text fields of a JSON body and remembers every fault, so that one answer names them all.
struct RequestFields {
    let object: JSONObject
    private(set) var faults: [FieldError] = []

    init(_ object: JSONObject) { self.object = object }

    /// The text of a required field; `nil` after noting a fault when it is missing or not a string.
    mutating func requiredText(_ name: String) -> String? {
        switch object[name] {
        case .string(let text):
            return text
        case nil, .null:
            faults.append(FieldError(field: name, code: .required, message: "\(name) is required"))
        default:
            faults.append(FieldError(field: name, code: .wrongType, message: "\(name) must be a string"))
        }
        return nil
    }

    /// The text of a field that may be missing; `nil` for that, and after noting a fault when it is not a string.
    mutating func optionalText(_ name: String) -> String? {
        switch object[name] {
        case nil, .null: nil
        default: requiredText(name)
        }
    }

    /// One of a few texts, `fallback` when it is missing; `fallback` as well after noting a fault for any other value.
    mutating func choice<Value: RawRepresentable & CaseIterable>(_ name: String, default fallback: Value) -> Value
    where Value.RawValue == String {
        guard let text = optionalText(name) else { return fallback }
        if let value = Value(rawValue: text) { return value }
        let values = Value.allCases.map(\.rawValue).joined(separator: " or ")
        faults.append(FieldError(field: name, code: .invalidValue, message: "\(name) must be \(values)"))
        return fallback
    }

    /// The refusal that names these faults and those of the fields that could be read.
    func refusal(with others: [FieldError]) -> IssuerError {
        IssuerError(.invalidInput, "fields missing or out of their bounds", fields: faults + others)
    }
}
