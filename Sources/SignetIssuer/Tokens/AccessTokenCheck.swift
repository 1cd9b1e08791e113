import HTTPFetching
import SignetStore
import SignetVerifier

/// Checks access tokens that this issuer made, with its own keys.
struct AccessTokenCheck: Sendable {
    private let ownVerifier: Verifier
    private let verifier: Verifier
    private let keyring: Keyring

    /// - Parameter audience: the issuer's own.
    /// - Throws: `ConfigurationError` when issuer or audience is empty.
    init(issuer: String, audience: String, keyring: Keyring) throws(ConfigurationError) {
        let own = try VerificationPolicy(issuer: issuer, audiences: [audience])
        let any = try VerificationPolicy(anyIssuerOr: issuer, audiences: [], acceptsAnyAudience: true)
        ownVerifier = Verifier(policy: own, keys: StaticKeySource(.empty))
        verifier = Verifier(policy: any, keys: StaticKeySource(.empty))
        self.keyring = keyring
    }

    /// How far the clocks of the nodes of one issuer may differ.
    var leeway: Duration { ownVerifier.policy.leeway }

    /// Everything about a token for the issuer's own API that its bytes, the keys and the time decide; its session is not
    /// looked at.
    ///
    /// The policy's leeway serves clocks that differ between nodes; a token is expired at the very second it says.
    /// - Throws: `tokenExpired` for a token that was good, `tokenInvalid` for any other, one for another audience
    ///   included; `cryptographyUnavailable`.
    func verify(_ token: String, at now: Timestamp) throws(IssuerError) -> VerifiedToken {
        try verify(token, with: ownVerifier, at: now)
    }

    /// The token, whomever it is for, when its bytes, the keys and the time say that it is good; `nil` otherwise.
    /// - Throws: `cryptographyUnavailable`.
    func goodToken(_ token: String, at now: Timestamp) throws(IssuerError) -> VerifiedToken? {
        do {
            return try verify(token, with: verifier, at: now)
        } catch {
            guard error.code == .tokenExpired || error.code == .tokenInvalid else { throw error }
            return nil
        }
    }

    private func verify(
        _ token: String, with verifier: Verifier, at now: Timestamp
    ) throws(IssuerError) -> VerifiedToken {
        let verified: VerifiedToken
        do {
            verified = try verifier.verify(token, with: keyring.verificationKeys(at: now), at: NumericDate(now.seconds))
        } catch {
            throw IssuerError(error)
        }
        guard let expiresAt = verified.expiresAt, now.seconds < expiresAt.seconds else {
            throw IssuerError(.tokenExpired, "exp: reached")
        }
        return verified
    }
}

extension IssuerError {
    /// What a verifier's refusal of a token means here. Trouble of our own does not make a token a bad one.
    init(_ error: VerificationError) {
        let code: Code =
            switch error.code {
            case .expired: .tokenExpired
            case .cryptographyUnavailable: .cryptographyUnavailable
            default: .tokenInvalid
            }
        self.init(code, error.detail)
    }
}
