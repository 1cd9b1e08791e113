/// When an introspection answer is a JWT (RFC 9701 section 4).
enum SignedIntrospection {
    static let mediaType = "application/token-introspection+jwt"

    /// Whether `Accept` names the signed form and not plain JSON: whoever takes both gets what needs no verification.
    static func isWanted(by accept: [String]) -> Bool {
        let types = accept.flatMap { $0.split(separator: ",") }.map { element in
            element.prefix { $0 != ";" }.filter { $0 != " " && $0 != "\t" }.lowercased()
        }
        return types.contains(mediaType) && !types.contains("application/json")
    }
}
