// This folder runs the checks on a token, always in the same order, and caches the tokens whose signature is valid. The
// folder Keys provides the issuer's keys.

import JOSE

/// Checks access tokens with the issuer's public keys, without a request per token.
///
/// Create one verifier per issuer and share it among tasks. The verifier remembers tokens whose signature was valid, so
/// that a repeated token needs no signature check.
public struct Verifier: Sendable {
    /// The requirements that a token must meet.
    public let policy: VerificationPolicy
    let source: any KeySource
    let statuses: StatusListSource?
    private let observer: (any VerifierObserver)?
    private let check: TokenCheck
    private let now: @Sendable () -> NumericDate

    /// Creates a verifier for the tokens of one issuer.
    ///
    /// - Parameters:
    ///   - policy: The requirements that a token must meet.
    ///   - keys: The source of the issuer's keys.
    ///   - statuses: The source of the issuer's status lists. If `nil`, the tokens of an ended session are accepted
    ///     until they expire.
    ///   - signatureCacheCapacity: The number of tokens whose signature check is cached, at most 1,048,576; 0 or less
    ///     turns the cache off. The cache needs at most 8 KiB per token. Tokens over 4 KiB are not cached.
    ///   - observer: Receives the end of every ``verify(_:)``; `nil` for none. Pass the same observer to `keys` and
    ///     `statuses`.
    ///   - now: The wall clock.
    public init(
        policy: VerificationPolicy, keys: any KeySource, statuses: StatusListSource? = nil,
        signatureCacheCapacity: Int = 1024, observer: (any VerifierObserver)? = nil,
        now: @escaping @Sendable () -> NumericDate = { .now }
    ) {
        self.policy = policy
        self.now = now
        source = keys
        self.statuses = statuses
        self.observer = observer
        check = TokenCheck(
            policy: policy, cache: signatureCacheCapacity > 0 ? SignatureCache(capacity: signatureCacheCapacity) : nil)
    }

    /// Checks a token and returns its claims.
    ///
    /// The call waits only if the key source has to fetch the token's key, or if the token's status list must be
    /// fetched.
    ///
    /// - Throws: ``VerificationError`` for the first fault in the order size, shape, header, `typ`, key, signature,
    ///   claims, status; or with `keysUnavailable`, `cryptographyUnavailable` or `statusUnavailable` if the token
    ///   cannot be checked at the moment.
    public func verify(_ token: String) async throws(VerificationError) -> VerifiedToken {
        do {
            let verified = try await verifyWithoutStatus(token)
            if let statuses { try await check(verified, with: statuses) }
            observer?.verificationEnded(nil)
            return verified
        } catch {
            observer?.verificationEnded(error)
            throw error
        }
    }

    private func check(_ token: VerifiedToken, with statuses: StatusListSource) async throws(VerificationError) {
        do {
            try await statuses.check(token.contents, at: now())
        } catch {
            throw error.about(token)
        }
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
            do {
                return try verify(token, with: others, at: now())
            } catch {
                throw explained(error)
            }
        }
    }

    /// If `error` is about an unknown key, adds to its detail how old the keys are and when an unknown `kid` may start
    /// the next fetch.
    private func explained(_ error: VerificationError) -> VerificationError {
        guard error.code == .unknownKey, let state = source.sourceState, let age = state.age,
            let pause = state.untilNextKeySearch
        else { return error }
        return VerificationError(
            .unknownKey,
            "\(error.detail); the keys of \(state.location) are \(age.wholeSeconds) s old; an unknown kid may start the "
                + "next fetch in \(pause.wholeSeconds) s")
    }

    /// Checks a token with the given keys and time, without waiting. The token's status list is not checked.
    ///
    /// - Throws: ``VerificationError`` as ``verify(_:)`` does; `unknownKey` if `keys` lacks the key that the token
    ///   names.
    public func verify(
        _ token: String, with keys: KeySet, at now: NumericDate
    ) throws(VerificationError) -> VerifiedToken {
        do {
            return try check(token, keys: keys, at: now)
        } catch {
            switch error {
            case .refused(let error): throw error
            case .keyMissing(let keyID):
                let found = keyID.map { "\(PrintableText.quoted($0))" } ?? "none"
                throw VerificationError(
                    .unknownKey, "kid: expected one of \(PrintableText.quoted(keys.keyIDs)), found \(found)")
            case .signerMissing:
                throw VerificationError(.badSignature, "signature: expected a signature by one of the keys")
            }
        }
    }
}

extension Verifier: CustomReflectable {
    /// Shows the policy, the key source and the status list source.
    public var customMirror: Mirror {
        Mirror(self, children: ["policy": policy, "keys": source, "statuses": statuses as Any], displayStyle: .struct)
    }
}
