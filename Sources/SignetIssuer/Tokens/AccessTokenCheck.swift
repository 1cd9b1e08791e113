import HTTPFetching
import SignetKeyring
import SignetStore
import SignetVerifier

/// Verifies this issuer's access tokens with the keys of the keyring. Does not check whether a token was revoked;
/// ``TokenStatus`` reads this from the store.
struct AccessTokenCheck: Sendable {
    /// The number of tokens whose signature check each verifier caches. A cached token takes about 2 KiB of memory.
    private static let rememberedTokens = 4096

    private let ownAudienceVerifier: Verifier
    private let anyAudienceVerifier: Verifier
    private let keys: OwnVerificationKeys

    /// Creates a check for tokens of `issuer` that were signed with the keys in `keyring`.
    /// - Parameter audience: the `aud` claim that tokens for the issuer's own API must have.
    /// - Throws: `ConfigurationError` if `issuer` or `audience` is empty.
    init(issuer: String, audience: String, keyring: Keyring) throws(ConfigurationError) {
        let own = try VerificationPolicy(issuer: issuer, audiences: [audience])
        let any = try VerificationPolicy(anyIssuerOr: issuer, audiences: [], acceptsAnyAudience: true)
        ownAudienceVerifier = Verifier(
            policy: own, keys: StaticKeySource(.empty), signatureCacheCapacity: Self.rememberedTokens)
        anyAudienceVerifier = Verifier(
            policy: any, keys: StaticKeySource(.empty), signatureCacheCapacity: Self.rememberedTokens)
        keys = OwnVerificationKeys(keyring: keyring)
    }

    /// Largest tolerated difference between the clocks of the issuer's nodes.
    var leeway: Duration { ownAudienceVerifier.policy.leeway }

    /// Verifies a token for the issuer's own API: signature, claims and times.
    /// - Throws: `tokenExpired` if the token is valid but expired; `insufficientScope` if it is a valid token of a user
    ///   without the scope `account`; `tokenInvalid` for any other bad token, for example one with another audience;
    ///   `cryptographyUnavailable` if the cryptographic library fails.
    func verify(_ token: String, at now: Timestamp) throws(IssuerError) -> VerifiedToken {
        let verified = try verify(token, with: ownAudienceVerifier, at: now)
        // A token without a session is of a client. The caller refuses it, whatever its scope, because it has no user.
        guard verified.sessionID == nil || verified.scopes.contains(FirstParty.scope) else {
            throw IssuerError(.insufficientScope, "scope: expected \(FirstParty.scope)")
        }
        return verified
    }

    /// Verifies the signature, claims and times of a token. The token may have any audience.
    /// - Returns: `nil` for an expired or invalid token.
    /// - Throws: `cryptographyUnavailable` if the cryptographic library fails.
    func validToken(_ token: String, at now: Timestamp) throws(IssuerError) -> VerifiedToken? {
        do {
            return try verify(token, with: anyAudienceVerifier, at: now)
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
            verified = try verifier.verify(token, with: keys.keys(at: now), at: NumericDate(now.seconds))
        } catch {
            throw IssuerError(error)
        }
        // The verifier accepts a token for a short time (the leeway) after its `exp`, because clocks differ. The issuer
        // does not: here a token expires exactly at its `exp`.
        guard let expiresAt = verified.expiresAt, now.seconds < expiresAt.seconds else {
            throw IssuerError(.tokenExpired, "exp: reached")
        }
        return verified
    }
}

extension IssuerError {
    /// Maps a verification error. A failure of the cryptographic library becomes `cryptographyUnavailable`, because it
    /// does not mean that the token is invalid.
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
