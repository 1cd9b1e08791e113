// The requirements for accepting a token. Other folders check keys and signatures.

import HTTPFetching
import JOSE

/// The requirements that a token must meet. Create a policy once and use it for every token.
public struct VerificationPolicy: Sendable {
    /// The required `iss`, compared byte by byte. `nil` accepts any issuer; only tools in this package create such a
    /// policy.
    public let issuer: String?

    /// The accepted audiences. `aud` must contain at least one of them, compared byte by byte.
    ///
    /// An empty set accepts only tokens without `aud` (RFC 7519 section 4.1.3). Only tools in this package create such
    /// a policy.
    public var audiences: Set<String> { Set(audienceList) }

    /// Whether every token with an `aud` is accepted. Only the issuer uses `true`, for its introspection endpoint,
    /// which answers about the tokens of all services.
    package let acceptsAnyAudience: Bool

    /// The tolerated difference between clocks. It applies to `exp`, `nbf`, `iat` and the maximum age.
    public let leeway: Duration

    /// The accepted values of `typ`.
    public let allowedTypes: AllowedTypes

    /// The claims that a token must have.
    public var requiredClaims: Set<String> { Set(requiredClaimList) }

    /// The scopes that every token must have. A request whose token lacks one of them gets a 403.
    public var requiredScopes: Set<String> { Set(requiredScopeList) }

    /// The longest accepted time since the token's `iat`; `nil` for no limit. If there is a limit, a token without
    /// `iat` is refused.
    public let maximumAge: Duration?

    /// The accepted values of `client_id`; `nil` accepts any client.
    public var clientIDs: Set<String>? { clientIDList.map { Set($0) } }

    /// The default of `requiredClaims`. RFC 9068 requires these claims and more.
    public static let defaultRequiredClaims: Set<String> = ["exp", "iat", "sub", "jti"]

    /// Creates a policy for the access tokens of one issuer.
    ///
    /// A name may have at most 2048 bytes, and a set at most 1000 names.
    ///
    /// - Parameters:
    ///   - issuer: The issuer identifier exactly as in the tokens. Must not be empty.
    ///   - audiences: The names of this service. At least one; none may be empty.
    ///   - leeway: The tolerated difference between clocks, 0 seconds to 1 hour.
    ///   - allowedTypes: The accepted types, by default `at+jwt` (RFC 9068). Change it only for issuers that use
    ///     another `typ`.
    ///   - requiredClaims: The required claims. Replaces ``defaultRequiredClaims``.
    ///   - requiredScopes: The scopes that every token must have. A route may require more.
    ///   - maximumAge: The longest accepted time since `iat`: more than zero, at most 100 years; `nil` for no limit.
    ///   - clientIDs: The accepted clients; `nil` accepts any. Must not be empty.
    /// - Throws: ``ConfigurationError``: `noAudience` if `audiences` is empty; `empty` for an empty issuer, audience or
    ///   client name, or an empty `clientIDs`; `outOfRange` if a limit above is exceeded.
    public init(
        issuer: String,
        audiences: Set<String>,
        leeway: Duration = .seconds(30),
        allowedTypes: AllowedTypes = .accessToken,
        requiredClaims: Set<String> = defaultRequiredClaims,
        requiredScopes: Set<String> = [],
        maximumAge: Duration? = nil,
        clientIDs: Set<String>? = nil
    ) throws(ConfigurationError) {
        guard !issuer.isEmpty else { throw ConfigurationError(.empty, "the policy's issuer must not be empty") }
        guard !audiences.isEmpty else {
            throw ConfigurationError(.noAudience, "the policy has no audience: pass the name of this service")
        }
        try self.init(
            anyIssuerOr: issuer, audiences: audiences, leeway: leeway, allowedTypes: allowedTypes,
            requiredClaims: requiredClaims, requiredScopes: requiredScopes, maximumAge: maximumAge,
            clientIDs: clientIDs)
    }

    /// Creates a policy that may leave out issuer and audience.
    ///
    /// Use it in the issuer, and in tools that show a token to a person. Services use the public initialiser, which
    /// requires both.
    ///
    /// - Parameters:
    ///   - issuer: The required issuer; `nil` accepts any issuer.
    ///   - audiences: The accepted audiences. An empty set accepts only tokens without `aud`.
    ///   - acceptsAnyAudience: Accepts every token with an `aud`, whatever `audiences` contains.
    package init(
        anyIssuerOr issuer: String?,
        audiences: Set<String>,
        acceptsAnyAudience: Bool = false,
        leeway: Duration = .seconds(30),
        allowedTypes: AllowedTypes = .accessToken,
        requiredClaims: Set<String> = defaultRequiredClaims,
        requiredScopes: Set<String> = [],
        maximumAge: Duration? = nil,
        clientIDs: Set<String>? = nil
    ) throws(ConfigurationError) {
        guard !audiences.contains("") else {
            throw ConfigurationError(.empty, "the policy's audiences must not be empty")
        }
        guard .zero <= leeway, leeway <= .seconds(3600) else {
            throw ConfigurationError(.outOfRange, "the policy's leeway must be 0 seconds to 1 hour")
        }
        if let maximumAge, maximumAge <= .zero || maximumAge > .seconds(100 * 365 * 86_400) {
            throw ConfigurationError(
                .outOfRange, "the policy's maximum age must be more than zero and at most 100 years")
        }
        if let clientIDs, clientIDs.isEmpty || clientIDs.contains("") {
            throw ConfigurationError(.empty, "the policy's clients must be at least one, and none may be empty")
        }
        try Self.requireBounded([issuer ?? ""], what: "issuer")
        try Self.requireBounded(audiences, what: "audiences")
        try Self.requireBounded(allowedTypes.all, what: "allowed types")
        try Self.requireBounded(requiredClaims, what: "required claims")
        try Self.requireBounded(requiredScopes, what: "required scopes")
        try Self.requireBounded(clientIDs ?? [], what: "clients")
        self.issuer = issuer
        audienceList = audiences.sorted()
        self.acceptsAnyAudience = acceptsAnyAudience
        self.leeway = leeway
        self.allowedTypes = allowedTypes
        requiredClaimList = requiredClaims.sorted()
        requiredScopeList = requiredScopes.sorted()
        self.maximumAge = maximumAge
        clientIDList = clientIDs?.sorted()
        leewaySeconds = leeway.inSeconds
        maximumAgeSeconds = maximumAge?.inSeconds
    }

    private static func requireBounded(_ names: some Collection<String>, what: String) throws(ConfigurationError) {
        guard names.count <= 1000, names.allSatisfy({ $0.utf8.count <= 2048 }) else {
            throw ConfigurationError(
                .outOfRange, "the policy's \(what) must be at most 1000 names of at most 2048 bytes")
        }
    }

    /// The policy's sets as sorted lists. The initialiser sorts them once, so that no check of a token has to.
    let audienceList: [String]
    let requiredClaimList: [String]
    let requiredScopeList: [String]
    let clientIDList: [String]?

    /// ``leeway`` in seconds, converted once so that no check of a token has to.
    let leewaySeconds: Double
    /// ``maximumAge`` in seconds; `nil` for no limit.
    let maximumAgeSeconds: Double?
}

/// The `typ` values that a policy accepts, compared as media types (RFC 7515 section 4.1.9, RFC 9068 section 4).
///
/// Case does not matter, and the prefix `application/` may be left out.
public struct AllowedTypes: Sendable, Hashable {
    /// The accepted types; `nil` accepts any type and tokens without `typ`.
    private let names: [String]?

    /// Accepts only `at+jwt`, the type of access tokens (RFC 9068). ID tokens of the same issuer are refused.
    public static let accessToken = AllowedTypes(names: ["at+jwt"])

    /// Accepts any `typ`, and tokens without `typ`. The caller must then tell access tokens from other JWTs of the
    /// issuer.
    public static let any = AllowedTypes(names: nil)

    /// Accepts only `types`, each written as `at+jwt` or `application/at+jwt`. A token without `typ` is refused.
    public static func only(_ types: Set<String>) -> AllowedTypes { AllowedTypes(names: types.sorted()) }

    private init(names: [String]?) { self.names = names }

    /// The accepted types; empty if every type is accepted (``any``).
    var all: [String] { names ?? [] }

    /// Whether a header with this `typ` is accepted. Pass `nil` for a header without `typ`.
    func accept(_ type: String?) -> Bool {
        guard let names else { return true }
        guard let type else { return false }
        return names.contains { MediaType.areEqual($0, type) }
    }
}
