import JOSE

/// Checks access tokens with the issuer's public keys alone.
///
/// Make one per issuer and share it: it is safe to use from any number of tasks, holds no lock while it verifies, and
/// remembers which tokens had a good signature.
public struct Verifier: Sendable {
    /// What a token must be to be accepted.
    public let policy: VerificationPolicy
    private let source: any KeySource
    private let statuses: StatusListSource?
    private let check: TokenCheck
    private let now: @Sendable () -> NumericDate

    /// A verifier for the tokens of one issuer.
    ///
    /// - Parameters:
    ///   - policy: What a token must be to be accepted.
    ///   - keys: Where the issuer's keys come from.
    ///   - statuses: Where the issuer's status lists come from; without it, a session that has ended is noticed when its
    ///     token expires.
    ///   - signatureCacheCapacity: How many tokens with a good signature to remember; 0 or less for none, and more than
    ///     1,048,576 counts as that many. Tokens over 4 KiB are not remembered, so this many times 8 KiB bounds the
    ///     memory.
    ///   - now: The wall clock.
    public init(
        policy: VerificationPolicy, keys: any KeySource, statuses: StatusListSource? = nil,
        signatureCacheCapacity: Int = 1024,
        now: @escaping @Sendable () -> NumericDate = { .now }
    ) {
        self.policy = policy
        self.now = now
        source = keys
        self.statuses = statuses
        check = TokenCheck(
            policy: policy, cache: signatureCacheCapacity > 0 ? SignatureCache(capacity: signatureCacheCapacity) : nil)
    }

    /// Checks a token and returns what it says.
    ///
    /// Waits only when the key that the token names is not at hand, or the token names none and no key at hand signed it,
    /// and the source may look for others; or when the status list that it names is not at hand.
    ///
    /// - Throws: ``VerificationError``: the first fault in the order size, shape, header, policy, key, signature,
    ///   claims, status; or `keysUnavailable` or `statusUnavailable` when nobody can tell now.
    public func verify(_ token: String) async throws(VerificationError) -> VerifiedToken {
        let verified = try await verifyWithoutStatus(token)
        if let statuses { try await statuses.check(verified.contents, at: now()) }
        return verified
    }

    private func verifyWithoutStatus(_ token: String) async throws(VerificationError) -> VerifiedToken {
        let keys = source.keysAtHand() ?? .empty
        do {
            return try check(token, keys: keys, at: now())
        } catch {
            let others: KeySet
            switch error {
            case .refused(let error): throw error
            case .keyMissing(let keyID): others = try await source.keys(for: keyID)
            case .signerMissing: others = try await source.keys(otherThan: keys)
            }
            return try verify(token, with: others, at: now())
        }
    }

    /// Checks a token with these keys at this time, without waiting for anything. Its status is not looked at.
    ///
    /// - Throws: ``VerificationError``, as ``verify(_:)`` does; `unknownKey` when `keys` has not the one that the token
    ///   names.
    public func verify(
        _ token: String, with keys: KeySet, at now: NumericDate
    ) throws(VerificationError) -> VerifiedToken {
        do {
            return try check(token, keys: keys, at: now)
        } catch {
            switch error {
            case .refused(let error): throw error
            case .keyMissing: throw VerificationError(.unknownKey, "kid: expected a key of the issuer")
            case .signerMissing: throw VerificationError(.badSignature, "signature: not that of any of the keys")
            }
        }
    }
}
