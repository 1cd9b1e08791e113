// This folder fetches, verifies and caches token status lists. Other folders check all other claims of a token.

import HTTPFetching
import JOSE
import SharedState
import StatusList

/// The status lists of an issuer (draft-ietf-oauth-status-list). They tell a ``Verifier`` which sessions have ended.
///
/// Tokens of an ended session are refused within seconds, without a request per token. One list of a Signet issuer
/// covers half a million sessions.
///
/// - A list is fetched when the first token names it. All callers that need the list share one fetch.
/// - A list stays in use for the lifetime that `Cache-Control` states, within the limits of
///   ``StatusListConfiguration``. A refresh starts in the background before the lifetime ends. During an outage an
///   expired list stays in use for a limited time.
/// - Only URLs with the issuer's scheme, host and port are fetched. Redirects are not followed.
/// - A list must be signed by a key of the issuer.
///
/// If no token has a `status` claim, nothing is fetched.
public final class StatusListSource: Sendable {
    private struct Entry {
        let uri: String
        var machine: StatusListMachine
        var fetch: Task<Void, Never>?
        var waiting = 0
    }

    private enum Step {
        case answer(StatusListMachine.Answer)
        case wait(Task<Void, Never>)
    }

    /// The largest number of callers that wait for one status list.
    static let maximumWaiting = 1024

    private let entries = Guarded<[Entry]>([])
    private let issuer: String
    private let origin: EndpointURL
    private let keys: any KeySource
    private let configuration: StatusListConfiguration
    private let fetch: BoundedFetch
    private let observer: (any VerifierObserver)?
    private let now: @Sendable () -> ContinuousClock.Instant
    private let date: @Sendable () -> NumericDate

    /// Creates a source for the status lists of `issuer`.
    ///
    /// - Parameters:
    ///   - issuer: The issuer identifier exactly as in the policy.
    ///   - keys: The source of the issuer's keys, the same as the verifier's.
    ///   - fetcher: Sends the requests.
    ///   - configuration: The limits of lifetimes, retries and lists.
    ///   - observer: Receives the end of every attempt to fetch a list; `nil` for none.
    ///   - now: The monotonic clock for lifetimes and pauses.
    ///   - date: The wall clock, compared with the times in a status list.
    /// - Throws: ``ConfigurationError`` with `malformedURL` if `issuer` is not an absolute HTTP URL; `insecureURL` if
    ///   it is plain `http` to another machine and `configuration` does not allow that; `outOfRange` if a value in
    ///   `configuration` is out of bounds.
    public init(
        issuer: String, keys: any KeySource, fetcher: any HTTPFetcher, configuration: StatusListConfiguration = .init(),
        observer: (any VerifierObserver)? = nil,
        now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
        date: @escaping @Sendable () -> NumericDate = { .now }
    ) throws(ConfigurationError) {
        try configuration.validate()
        origin = try EndpointURL(issuer, what: "the issuer")
        try origin.requireSecure(unless: configuration.allowsInsecureHTTP, what: "the issuer")
        self.issuer = issuer
        self.keys = keys
        self.configuration = configuration
        fetch = BoundedFetch(fetcher)
        self.observer = observer
        self.now = now
        self.date = date
    }

    /// The states of all status lists in memory: last success, last failure and next attempt. Empty before the first
    /// token with a `status` claim.
    public var sourceStates: [SourceState] {
        let now = now()
        return entries.withLock { entries in entries.map { $0.machine.state(of: $0.uri, at: now) } }
    }

    /// Throws if the token is revoked or its status is not available. If the status list is cached, the call does not
    /// wait.
    func check(_ token: TokenContents, at date: NumericDate) async throws(VerificationError) {
        switch token.status {
        case .listed(let index, let uri):
            let list: StatusList
            do {
                list = try await self.list(uri, of: token, at: date)
            } catch {
                guard error.isTemporary, configuration.acceptsWhenUnavailable else { throw error }
                return
            }
            guard index < list.count else {
                throw VerificationError(
                    .malformedClaims, "status: idx: expected less than \(list.count), found \(index)")
            }
            guard !list[index] else {
                throw VerificationError(.revoked, "status: entry \(index) of \(token.string(uri)) is set")
            }
        case .absent:
            guard configuration.acceptsTokensWithoutStatus else {
                throw VerificationError(.missingClaim, "status: expected a status_list")
            }
        case .malformed:
            throw VerificationError(.malformedClaims, "status: status_list: expected idx and uri")
        }
    }

    private func list(
        _ uri: JSONText, of token: TokenContents, at date: NumericDate
    ) async throws(VerificationError) -> StatusList {
        let date = date.secondsSinceEpoch
        var answer: StatusListMachine.Answer
        switch try step(uri, of: token, date: date) {
        case .answer(let known): answer = known
        case .wait(let task):
            await task.value
            let now = now()
            answer = entries.withLock { entries in
                guard let index = entries.firstIndex(where: { token.isExactly(uri, $0.uri) }) else {
                    return .refuse(VerificationError(.statusUnavailable, "the status list was evicted by other lists"))
                }
                entries[index].waiting -= 1
                return entries[index].machine.answerAfterwards(at: now, date: date)
            }
        }
        switch answer {
        case .serve(let list): return list
        case .refuse(let error): throw error
        case .wait: throw VerificationError(.statusUnavailable, "the status list is still being fetched")
        }
    }

    private func step(_ uri: JSONText, of token: TokenContents, date: Double) throws(VerificationError) -> Step {
        let now = now()
        let result: Result<Step, VerificationError> = entries.withLock { entries in
            let index: Int
            if let known = entries.firstIndex(where: { token.isExactly(uri, $0.uri) }) {
                index = known
            } else {
                do throws(VerificationError) {
                    index = try add(token.string(uri), to: &entries, at: now)
                } catch {
                    return .failure(error)
                }
            }
            let (answer, startsFetch) = entries[index].machine.ask(at: now, date: date)
            if startsFetch {
                entries[index].fetch = start(entries[index].uri, entityTag: entries[index].machine.entityTag)
            }
            guard case .wait = answer, let task = entries[index].fetch else { return .success(.answer(answer)) }
            guard entries[index].waiting < Self.maximumWaiting else {
                return .failure(
                    VerificationError(
                        .statusUnavailable, "more than \(Self.maximumWaiting) callers wait for a status list",
                        retryAfter: .seconds(1)))
            }
            entries[index].waiting += 1
            return .success(.wait(task))
        }
        return try result.get()
    }

    /// Adds a status list to `entries` and returns its index. If `entries` already has
    /// ``StatusListConfiguration/maximumLists`` lists, first removes the least recently used list that no caller waits
    /// for.
    private func add(
        _ uri: String, to entries: inout [Entry], at now: ContinuousClock.Instant
    ) throws(VerificationError) -> Int {
        guard let url = try? EndpointURL(uri, what: "uri"), url.isSecure == origin.isSecure,
            url.authority.text.lowercased() == origin.authority.text.lowercased()
        else {
            throw VerificationError(
                .malformedClaims,
                "status: uri: expected a URL with the scheme, host and port of \(issuer), found \(PrintableText.quoted(uri))"
            )
        }
        if entries.count >= configuration.maximumLists {
            let idle = entries.indices.filter { entries[$0].fetch == nil && entries[$0].waiting == 0 }
            guard let oldest = idle.min(by: { entries[$0].machine.lastUsedAt < entries[$1].machine.lastUsedAt }) else {
                throw VerificationError(.statusUnavailable, "too many status lists are being fetched")
            }
            entries.remove(at: oldest)
        }
        entries.append(Entry(uri: uri, machine: StatusListMachine(configuration: configuration, at: now)))
        return entries.count - 1
    }

    // MARK: Fetching

    private func start(_ uri: String, entityTag: String?) -> Task<Void, Never> {
        Task { [self] in
            let result = await result(of: uri, entityTag: entityTag)
            let now = now()
            let report: FetchReport? = entries.withLock { entries in
                guard let index = entries.firstIndex(where: { $0.uri.isExactly(uri) }) else { return nil }
                entries[index].fetch = nil
                let failuresBefore = entries[index].machine.state(of: uri, at: now).failuresInARow
                entries[index].machine.ended(with: result, at: now)
                return FetchReport(
                    outcome: result.outcome, state: entries[index].machine.state(of: uri, at: now),
                    failuresBefore: failuresBefore, keyIDs: [])
            }
            if let report { observer?.fetchEnded(report) }
        }
    }

    private func result(of uri: String, entityTag: String?) async -> StatusListMachine.FetchResult {
        let request = HTTPFetchRequest(
            url: uri,
            headers: [HTTPFetchField("accept", "application/statuslist+jwt")]
                + (entityTag.map { [HTTPFetchField("if-none-match", $0)] } ?? []),
            timeout: configuration.fetchTimeout, maximumBodyBytes: configuration.maximumDocumentBytes)
        do throws(BoundedFetch.Fault) {
            let response = try await fetch(request)
            let lifetime = configuration.freshness.lifetime(of: response)
            if entityTag != nil, response.status == 304 { return .notModified(lifetime: lifetime) }
            guard response.status == 200 else {
                return .failed(reason: "status list \(uri): expected status 200, found \(response.status)")
            }
            return await result(of: response, uri: uri, lifetime: lifetime)
        } catch {
            return .failed(reason: "status list \(uri): \(error.reason)")
        }
    }

    private func result(
        of response: HTTPFetchResponse, uri: String, lifetime: Duration
    ) async -> StatusListMachine.FetchResult {
        do throws(StatusListToken.Fault) {
            let jws = try StatusListToken.jws(response.body, maximumCount: configuration.maximumDocumentBytes)
            let token = try StatusListToken(
                jws, of: response.body, keys: try await keySet(for: jws.header.keyID), uri: uri, issuer: issuer,
                now: date().secondsSinceEpoch, maximumEntries: configuration.maximumEntries)
            let tag = response.values(of: "etag").first { EntityTag.isWellFormed($0) }
            return .list(token, entityTag: tag, lifetime: lifetime)
        } catch {
            return .failed(reason: "status list \(uri): \(error.reason)")
        }
    }

    private func keySet(for keyID: String?) async throws(StatusListToken.Fault) -> KeySet {
        if let atHand = keys.keysAtHand(), keyID.map(atHand.contains) ?? true { return atHand }
        do {
            return try await keys.keys(for: keyID)
        } catch {
            throw StatusListToken.Fault(reason: error.detail)
        }
    }
}

extension StatusListMachine.FetchResult {
    fileprivate var outcome: FetchReport.Outcome {
        switch self {
        case .list: .fetched
        case .notModified: .notModified
        case .failed: .failed
        }
    }
}

extension StatusListSource: CustomReflectable {
    /// Shows the issuer and the settings.
    public var customMirror: Mirror {
        Mirror(self, children: ["issuer": issuer, "configuration": configuration], displayStyle: .class)
    }
}
