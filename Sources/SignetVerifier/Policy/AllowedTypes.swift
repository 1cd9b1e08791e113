import JOSE

/// The `typ` header values that a policy accepts, compared as media types: case does not matter, and `application/` may
/// be left out (RFC 7515 section 4.1.9, RFC 9068 section 4).
public struct AllowedTypes: Sendable, Hashable {
    /// `nil` accepts any type and tokens without one.
    private let names: [String]?

    /// `at+jwt` alone: access tokens by RFC 9068. ID tokens and others of the same issuer are kept out.
    public static let accessToken = AllowedTypes(names: ["at+jwt"])

    /// Any `typ`, or none: the caller takes it on itself to tell access tokens from other JWTs of the issuer.
    public static let any = AllowedTypes(names: nil)

    /// The types named, each as `at+jwt` or `application/at+jwt`; a token without `typ` is refused.
    public static func only(_ types: Set<String>) -> AllowedTypes { AllowedTypes(names: types.sorted()) }

    private init(names: [String]?) { self.names = names }

    /// The types named; empty for ``any``.
    var all: [String] { names ?? [] }

    /// Whether a header with `type` is accepted; `nil` is a header without `typ`.
    func accept(_ type: String?) -> Bool {
        guard let names else { return true }
        guard let type else { return false }
        return names.contains { MediaType.areEqual($0, type) }
    }
}
