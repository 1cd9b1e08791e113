/// Why a form cannot be read. The reason names no value.
struct FormError: Error, Equatable {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}
