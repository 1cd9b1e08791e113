public import HTTPFetching
import JOSE

/// Checks access tokens: a ``Verifier`` for one issuer, or an ``IssuerRouter`` for several.
public protocol TokenVerifying: Sendable {
    /// Checks a token and returns its claims.
    ///
    /// - Throws: ``VerificationError`` if the token is refused or cannot be checked at the moment.
    func verify(_ token: String) async throws(VerificationError) -> VerifiedToken
}

extension Verifier: TokenVerifying {}

/// Checks the tokens of a fixed set of issuers, each with its own verifier: own keys, own policy, own status lists.
///
/// The `iss` that a token claims chooses the verifier, before the token is verified. That is safe, because the chosen
/// verifier then checks the token as if it were the only one: a signature by its issuer's keys, and the `iss` of its
/// policy. A token never meets the keys of another issuer, and an unknown issuer causes no request.
///
/// Look at ``VerifiedToken/issuer`` before you use ``VerifiedToken/subject``: two issuers may give the same id to
/// different users.
public struct IssuerRouter: TokenVerifying {
    /// The largest number of issuers.
    public static let maximumIssuers = 100

    private let verifiers: [(issuer: String, verifier: Verifier)]
    private let observer: (any VerifierObserver)?

    /// Creates a router.
    ///
    /// - Parameters:
    ///   - verifiers: One verifier for each issuer: 1 to 100, each with an issuer of its own.
    ///   - observer: Receives the refusal of every token of an unknown issuer; `nil` for none. The verifiers report the
    ///     other tokens to their own observers.
    /// - Throws: ``ConfigurationError`` with `empty` if there is no verifier, or one without an issuer in its policy;
    ///   `ambiguousIssuer` if two verifiers have the same issuer; `outOfRange` for more than 100.
    public init(_ verifiers: [Verifier], observer: (any VerifierObserver)? = nil) throws(ConfigurationError) {
        guard !verifiers.isEmpty else { throw ConfigurationError(.empty, "the router has no verifier") }
        guard verifiers.count <= Self.maximumIssuers else {
            throw ConfigurationError(.outOfRange, "a router may have at most \(Self.maximumIssuers) verifiers")
        }
        var routes: [(issuer: String, verifier: Verifier)] = []
        for verifier in verifiers {
            guard let issuer = verifier.policy.issuer else {
                throw ConfigurationError(.empty, "every verifier of a router needs an issuer in its policy")
            }
            guard !routes.contains(where: { $0.issuer.isExactly(issuer) }) else {
                throw ConfigurationError(
                    .ambiguousIssuer, "two verifiers of the router are for \(PrintableText.quoted(issuer))")
            }
            routes.append((issuer, verifier))
        }
        self.verifiers = routes
        self.observer = observer
    }

    /// Checks a token with the verifier of the issuer that it names.
    ///
    /// - Throws: ``VerificationError`` with `wrongIssuer` if the token names no issuer of this router; with
    ///   `tokenTooLarge` or `malformedToken` if it cannot be read; any error of the chosen verifier.
    public func verify(_ token: String) async throws(VerificationError) -> VerifiedToken {
        let verifier: Verifier
        do {
            verifier = try self.verifier(for: token)
        } catch {
            observer?.verificationEnded(error)
            throw error
        }
        return try await verifier.verify(token)
    }

    /// The verifier of the issuer that a token claims to be from.
    ///
    /// - Throws: `wrongIssuer` if the token names no issuer of this router; `tokenTooLarge` for more than 16 KiB;
    ///   `malformedToken` if the token cannot be read.
    package func verifier(for token: String) throws(VerificationError) -> Verifier {
        let claimed = try TokenParts(token).unverifiedIssuer
        if let claimed, let route = verifiers.first(where: { $0.issuer.isExactly(claimed) }) { return route.verifier }
        let expected = PrintableText.quoted(verifiers.map(\.issuer))
        throw VerificationError(
            .wrongIssuer,
            "iss, not verified: expected one of \(expected), found \(claimed.map { PrintableText.quoted($0) } ?? "none")"
        )
    }

    /// The states of everything that the verifiers fetch.
    public var sourceStates: [SourceState] { verifiers.flatMap(\.verifier.sourceStates) }

    /// Says whether the tokens of at least one issuer can be checked now, and what fails. One issuer that is away does
    /// not make the router unready.
    public func readiness() async -> VerifierReadiness {
        var isReady = false
        var problems: [String] = []
        for (_, verifier) in verifiers {
            let readiness = await verifier.readiness()
            isReady = isReady || readiness.isReady
            problems += readiness.problems
        }
        return VerifierReadiness(isReady: isReady, problems: problems)
    }

    /// Fetches the keys of all issuers. Call it at the start of a service.
    ///
    /// - Throws: The first ``VerificationError`` after all issuers were tried, `issuerMismatch` before any other.
    public func warmUp() async throws(VerificationError) {
        var errors: [VerificationError] = []
        for (_, verifier) in verifiers {
            do {
                try await verifier.warmUp()
            } catch {
                errors.append(error)
            }
        }
        if let error = errors.first(where: { $0.code == .issuerMismatch }) ?? errors.first { throw error }
    }
}
