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

/// Checks the tokens of several issuers. Each issuer has its own verifier with its own keys, policy and status lists.
///
/// The router chooses the verifier by the `iss` of the unverified token. This is safe, because the verifier then checks
/// that its own issuer signed the token, and that `iss` is its own issuer. A token with an unknown `iss` is refused
/// without a request.
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
    ///   - verifiers: 1 to 100 verifiers, one for each issuer.
    ///   - observer: Receives the refusal of every token that no verifier of the router can check; `nil` for none. The
    ///     verifiers report all other tokens to their own observers.
    /// - Throws: ``ConfigurationError`` with `empty` if `verifiers` is empty, or if the policy of a verifier has no
    ///   issuer; `ambiguousIssuer` if two verifiers have the same issuer; `outOfRange` if there are more than 100
    ///   verifiers.
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

    /// Checks a token with the verifier of the issuer in the token's `iss`.
    ///
    /// - Throws: ``VerificationError`` with `wrongIssuer` if the router has no verifier for `iss`; with `tokenTooLarge`
    ///   or `malformedToken` if the token cannot be read; any error of the chosen verifier.
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

    /// Returns the verifier of the issuer in the token's unverified `iss`.
    ///
    /// - Throws: `wrongIssuer` if the router has no verifier for `iss`; `tokenTooLarge` for more than 16 KiB;
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

    /// The states of the keys and status lists of all verifiers, for an operator.
    public var sourceStates: [SourceState] { verifiers.flatMap(\.verifier.sourceStates) }

    /// Says whether the tokens of at least one issuer can be checked now, and which sources fail. The router stays
    /// ready if only some issuers are unreachable.
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
    /// - Throws: ``VerificationError`` if the keys of an issuer cannot be fetched. The error is thrown after all
    ///   issuers were tried: the first `issuerMismatch`, or the first error if no error is an
    ///   `issuerMismatch`.
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
