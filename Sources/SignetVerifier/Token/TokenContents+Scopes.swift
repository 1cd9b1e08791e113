import JOSE

extension TokenContents {
    /// Refuses a token that lacks one of `required`.
    func requireScopes(_ required: [String]) throws(VerificationError) {
        guard !required.isEmpty else { return }
        let granted = scope.map(string) ?? ""
        for name in required where !Self.list(granted, names: name) {
            throw VerificationError(
                .insufficientScope, "scope: expected to name \(required.joined(separator: " "))", scopes: required)
        }
    }

    /// All claims, in order.
    var claims: JSONObject {
        // The payload has been read in full before, so nothing can be thrown here.
        (try? JSONObject(parsing: payload)) ?? JSONObject()
    }

    /// Whether `name` stands in a space-separated list (RFC 6749 section 3.3), byte for byte.
    private static func list(_ list: String, names name: String) -> Bool {
        list.utf8.split(separator: UInt8(ascii: " ")).contains { $0.elementsEqual(name.utf8) }
    }
}
