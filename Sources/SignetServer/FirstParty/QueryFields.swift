import Hummingbird
import SignetIssuer

/// Reads parameters of a query and remembers every fault, so that one answer names them all. Unknown parameters are
/// passed over.
struct QueryFields {
    private let parameters: Parameters
    private var faults: [FieldError] = []

    init(_ request: Request) { parameters = request.uri.queryParameters }

    /// What `read` makes of the parameter; `nil` when it is missing, and after noting a fault when it is there twice or
    /// `read` makes nothing of it.
    mutating func value<Value>(_ name: String, expected: String, _ read: (String) -> Value?) -> Value? {
        let values = parameters.getAll(name)
        guard !values.isEmpty else { return nil }
        if values.count == 1, let value = values.first.flatMap({ read($0) }) { return value }
        faults.append(
            FieldError(field: name, code: .invalidValue, message: "\(name) must be \(expected)"))
        return nil
    }

    /// - Throws: `invalidInput` with every fault.
    func check() throws(IssuerError) {
        guard faults.isEmpty else {
            throw IssuerError(.invalidInput, "query parameters out of their bounds", fields: faults)
        }
    }
}
