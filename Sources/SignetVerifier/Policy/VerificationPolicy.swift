import HTTPFetching
import JOSE

/// What a token must be to be accepted here. Made once, used for every token.
public struct VerificationPolicy: Sendable {
    /// The issuer that `iss` must equal byte for byte; `nil` only for a policy of this package's own tools.
    package let issuer: String?

    /// `aud` must name at least one of them, byte for byte.
    ///
    /// Empty only for a policy of this package's own tools: then a token that has an `aud` is refused, because it is
    /// meant for somebody (RFC 7519 section 4.1.3).
    public let audiences: [String]

    /// Whether any `aud` will do, where there is one: for the issuer, which answers about tokens for everybody.
    package let acceptsAnyAudience: Bool

    /// How far clocks may differ. Applies to `exp`, `nbf`, `iat` and the maximum age.
    public let leeway: Duration

    /// The values of `typ` that are accepted.
    public let allowedTypes: AllowedTypes

    /// Claims that must be present, registered ones or others.
    public let requiredClaims: [String]

    /// Scopes that every token must have; a token that lacks one is answered with 403.
    public let requiredScopes: [String]

    /// How long ago `iat` may be; `nil` for no bound. With a bound, `iat` must be present.
    public let maximumAge: Duration?

    /// The values of `client_id` that are accepted; `nil` for any.
    public let clientIDs: [String]?

    /// The claims required unless said otherwise: the ones of RFC 9068 that tell tokens apart in time and in a log.
    public static let defaultRequiredClaims: Set<String> = ["exp", "iat", "sub", "jti"]

    /// A policy for access tokens of one issuer.
    ///
    /// Every name may have up to 2048 bytes, and every set up to 1000 names.
    ///
    /// - Parameters:
    ///   - issuer: The issuer identifier, exactly as the tokens spell it; not empty.
    ///   - audiences: The names under which this service is meant; at least one, none of them empty.
    ///   - leeway: 0 to 1 hour.
    ///   - allowedTypes: `at+jwt` (RFC 9068) unless tokens of other issuers are to be accepted on purpose.
    ///   - requiredClaims: Replaces the default list.
    ///   - requiredScopes: None unless given; a route may ask for more.
    ///   - maximumAge: More than zero, 100 years at most.
    ///   - clientIDs: At least one when given.
    /// - Throws: ``ConfigurationError`` with `empty`, `noAudience` or `outOfRange`.
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
        guard !issuer.isEmpty else { throw ConfigurationError(.empty, "the policy's issuer is empty") }
        guard !audiences.isEmpty else {
            throw ConfigurationError(.noAudience, "the policy names no audience; give the name of this service")
        }
        try self.init(
            anyIssuerOr: issuer, audiences: audiences, leeway: leeway, allowedTypes: allowedTypes,
            requiredClaims: requiredClaims, requiredScopes: requiredScopes, maximumAge: maximumAge,
            clientIDs: clientIDs)
    }

    /// A policy that may leave out issuer and audience: for tools that look at a token because a person asked and for the
    /// issuer itself, never for another service.
    ///
    /// - Parameters:
    ///   - issuer: `nil` accepts any issuer.
    ///   - audiences: Empty accepts only tokens that name no audience at all.
    ///   - acceptsAnyAudience: Accepts every token that names an audience, whatever `audiences` holds.
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
        guard !audiences.contains("") else { throw ConfigurationError(.empty, "an audience of the policy is empty") }
        guard .zero <= leeway, leeway <= .seconds(3600) else {
            throw ConfigurationError(.outOfRange, "the policy's leeway must be 0 seconds to 1 hour")
        }
        if let maximumAge, maximumAge <= .zero || maximumAge > .seconds(100 * 365 * 86_400) {
            throw ConfigurationError(.outOfRange, "the policy's maximum age must be more than zero, 100 years at most")
        }
        if let clientIDs, clientIDs.isEmpty || clientIDs.contains("") {
            throw ConfigurationError(.empty, "the policy's clients are an empty list or hold an empty name")
        }
        try Self.requireBounded([issuer ?? ""], what: "issuer")
        try Self.requireBounded(audiences, what: "audiences")
        try Self.requireBounded(allowedTypes.all, what: "allowed types")
        try Self.requireBounded(requiredClaims, what: "required claims")
        try Self.requireBounded(requiredScopes, what: "required scopes")
        try Self.requireBounded(clientIDs ?? [], what: "clients")
        self.issuer = issuer
        self.audiences = audiences.sorted()
        self.acceptsAnyAudience = acceptsAnyAudience
        self.leeway = leeway
        self.allowedTypes = allowedTypes
        self.requiredClaims = requiredClaims.sorted()
        self.requiredScopes = requiredScopes.sorted()
        self.maximumAge = maximumAge
        self.clientIDs = clientIDs?.sorted()
        leewaySeconds = leeway.inSeconds
        maximumAgeSeconds = maximumAge?.inSeconds
    }

    private static func requireBounded(_ names: some Collection<String>, what: String) throws(ConfigurationError) {
        guard names.count <= 1000, names.allSatisfy({ $0.utf8.count <= 2048 }) else {
            throw ConfigurationError(
                .outOfRange, "the policy's \(what) must be at most 1000 names of at most 2048 bytes")
        }
    }

    /// Prepared once, so that no token pays for the conversion.
    let leewaySeconds: Double
    let maximumAgeSeconds: Double?
}
