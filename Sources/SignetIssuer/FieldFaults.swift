/// Collects the faults of a request's fields, so that one answer names them all.
struct FieldFaults {
    private var faults: [FieldError] = []

    var isEmpty: Bool { faults.isEmpty }

    /// `invalidInput` with everything collected.
    var error: IssuerError {
        IssuerError(.invalidInput, "fields out of their bounds", fields: faults)
    }

    /// The value that `check` makes; `nil` when it finds a fault, which is kept.
    @discardableResult
    mutating func value<Value>(_ check: () throws(FieldError) -> Value) -> Value? {
        do {
            return try check()
        } catch {
            faults.append(error)
            return nil
        }
    }

    /// The value that `check` makes; `nil` when it is refused as `invalidInput`, whose fields are kept.
    /// - Throws: every other error of `check`.
    mutating func adding<Value>(_ check: () throws(IssuerError) -> Value) throws(IssuerError) -> Value? {
        do {
            return try check()
        } catch {
            guard error.code == .invalidInput else { throw error }
            faults += error.fields
            return nil
        }
    }
}
