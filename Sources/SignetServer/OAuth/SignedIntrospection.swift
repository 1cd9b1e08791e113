/// When an introspection answer is a JWT (RFC 9701 section 4).
enum SignedIntrospection {
    static let mediaType = "application/token-introspection+jwt"

    /// Whether `Accept` names the signed form and prefers it to plain JSON (RFC 9110 section 12.5.1). Whoever takes both
    /// alike gets what needs no verification, and whoever names only ranges has not asked for it.
    static func isWanted(by accept: [String]) -> Bool {
        let preferences = accept.flatMap(MediaPreference.list)
        func quality(of type: String) -> Int { preferences.first { $0.type == type }?.quality ?? 0 }
        return quality(of: mediaType) > quality(of: "application/json")
    }
}
