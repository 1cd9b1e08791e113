public import HTTPFetching

extension Verifier {
    /// Creates a verifier that fetches the keys and the status lists from the issuer.
    ///
    /// Nothing is fetched before the first token arrives or ``warmUp()`` is called.
    ///
    /// - Parameters:
    ///   - issuer: The issuer identifier exactly as in the tokens: an `https` URL, or plain `http` on this machine.
    ///   - audiences: The names of this service. At least one; none may be empty.
    ///   - fetcher: Sends the requests, for example `HTTPClientFetcher.shared` of `SignetVerifierHTTP`.
    ///   - requiredScopes: The scopes that every token must have. A route may require more.
    ///   - checksStatusLists: If `true`, the tokens of a session that has ended are refused within seconds. If `false`,
    ///     no status list is fetched, and these tokens are accepted until they expire.
    ///   - observer: Receives the end of every verification and every fetch; `nil` for none.
    /// - Throws: ``ConfigurationError`` with `empty` if the issuer or an audience is empty; `noAudience` if `audiences`
    ///   is empty; `malformedURL` if the issuer is not an absolute HTTP URL; `insecureURL` if it is plain `http` to
    ///   another machine; `outOfRange` if there are more than 1000 audiences or scopes, or a name has more than 2048
    ///   bytes.
    public init(
        issuer: String, audiences: Set<String>, fetcher: any HTTPFetcher, requiredScopes: Set<String> = [],
        checksStatusLists: Bool = false, observer: (any VerifierObserver)? = nil
    ) throws(ConfigurationError) {
        try self.init(
            policy: VerificationPolicy(issuer: issuer, audiences: audiences, requiredScopes: requiredScopes),
            fetcher: fetcher, statusLists: checksStatusLists ? StatusListConfiguration() : nil, observer: observer)
    }

    /// Creates a verifier that fetches keys and status lists from the issuer of `policy`.
    ///
    /// - Parameters:
    ///   - policy: The requirements that a token must meet. The keys are fetched from the policy's issuer.
    ///   - fetcher: Sends the requests.
    ///   - keys: The limits for keys: lifetimes, retries and documents.
    ///   - statusLists: The limits for status lists; `nil` checks no status.
    ///   - signatureCacheCapacity: The number of tokens to remember; see
    ///     ``init(policy:keys:statuses:signatureCacheCapacity:observer:now:)``.
    ///   - observer: Receives the end of every verification and every fetch; `nil` for none.
    ///   - now: The wall clock.
    /// - Throws: ``ConfigurationError`` with `empty` if the policy has no issuer; `malformedURL` if the issuer is not
    ///   an absolute HTTP URL; `insecureURL` if it is plain `http` to another machine and `keys` or `statusLists` does
    ///   not allow that; `outOfRange` if a value in `keys` or `statusLists` is out of bounds.
    public init(
        policy: VerificationPolicy, fetcher: any HTTPFetcher, keys: RemoteKeyConfiguration = .init(),
        statusLists: StatusListConfiguration? = nil, signatureCacheCapacity: Int = 1024,
        observer: (any VerifierObserver)? = nil, now: @escaping @Sendable () -> NumericDate = { .now }
    ) throws(ConfigurationError) {
        guard let issuer = policy.issuer else {
            throw ConfigurationError(.empty, "the policy has no issuer, so it is unknown where the keys come from")
        }
        let source = try RemoteKeySource(issuer: issuer, fetcher: fetcher, configuration: keys, observer: observer)
        var statuses: StatusListSource?
        if let statusLists {
            statuses = try StatusListSource(
                issuer: issuer, keys: source, fetcher: fetcher, configuration: statusLists, observer: observer,
                date: now)
        }
        self.init(
            policy: policy, keys: source, statuses: statuses, signatureCacheCapacity: signatureCacheCapacity,
            observer: observer, now: now)
    }

    /// Fetches the keys if none are in memory. Call it at the start of a service, so that the first token does not
    /// wait.
    ///
    /// The call throws `issuerMismatch` if the metadata at the issuer's URL names another issuer or has no acceptable
    /// `jwks_uri`. Let the start of the service fail then, because no token could be checked.
    ///
    /// - Throws: ``VerificationError`` with `issuerMismatch`; with `keysUnavailable` if the issuer cannot be reached or
    ///   publishes no usable keys. After `keysUnavailable` the service may start: the verifier tries again when tokens
    ///   arrive.
    public func warmUp() async throws(VerificationError) {
        let keys = if let keys = source.keysAtHand() { keys } else { try await source.keys(for: nil) }
        guard !keys.isEmpty else { throw VerificationError(.keysUnavailable, "the verifier has no keys") }
    }
}
