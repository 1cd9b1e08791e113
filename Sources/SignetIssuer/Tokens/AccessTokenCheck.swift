import SignetStore
import SignetVerifier

/// Checks access tokens that this issuer made, with its own keys.
struct AccessTokenCheck: Sendable {
    private let verifier: Verifier
    private let keyring: Keyring

    /// - Throws: `ConfigurationError` when issuer or audience is empty.
    init(configuration: IssuerConfiguration, keyring: Keyring) throws(ConfigurationError) {
        let policy = try VerificationPolicy(issuer: configuration.issuer, audiences: [configuration.audience])
        verifier = Verifier(policy: policy, keys: StaticKeySource(.empty))
        self.keyring = keyring
    }

    /// How far the clocks of the nodes of one issuer may differ.
    var leeway: Duration { verifier.policy.leeway }

    /// Everything about a token that its bytes, the keys and the time decide; its session is not looked at.
    ///
    /// The policy's leeway serves clocks that differ between nodes; a token is expired at the very second it says.
    /// - Throws: `tokenExpired` for a token that was good, `tokenInvalid` for any other.
    func verify(_ token: String, at now: Timestamp) throws(IssuerError) -> VerifiedToken {
        let verified: VerifiedToken
        do {
            verified = try verifier.verify(token, with: keyring.verificationKeys(at: now), at: NumericDate(now.seconds))
        } catch {
            throw IssuerError(error.code == .expired ? .tokenExpired : .tokenInvalid, error.detail)
        }
        guard let expiresAt = verified.expiresAt, now.seconds < expiresAt.seconds else {
            throw IssuerError(.tokenExpired, "exp: reached")
        }
        return verified
    }
}
