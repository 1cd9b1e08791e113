import HTTPFetching
import JOSE
import StatusList
import Synchronization

/// The status lists of an issuer (draft-ietf-oauth-status-list), fetched when a token names one and kept fresh.
///
/// A token whose session has ended is refused within seconds, without a request per token: one list holds half a million
/// sessions. A list serves as long as `Cache-Control` says, within bounds; a refresh starts ahead of time in the
/// background, at most one fetch per list is under way, and all callers that need it share it. A list that cannot be had
/// anew serves on for a bounded outage. Only URLs of the issuer's own origin are asked, redirects are not followed, and a
/// list counts only with the signature of a key of the issuer. All bounds are in ``StatusListConfiguration``.
///
/// Give it to a ``Verifier``. Nothing is fetched before the first token with a status comes, and nothing runs while no
/// tokens come.
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

    /// Most callers that wait for one list.
    static let maximumWaiting = 1024

    private let entries = Mutex<[Entry]>([])
    private let issuer: String
    private let origin: EndpointURL
    private let keys: any KeySource
    private let configuration: StatusListConfiguration
    private let fetch: BoundedFetch
    private let now: @Sendable () -> ContinuousClock.Instant
    private let date: @Sendable () -> NumericDate

    /// The status lists of `issuer`.
    ///
    /// - Parameters:
    ///   - issuer: The issuer identifier, exactly as the policy spells it.
    ///   - keys: The source of the issuer's keys, the same as the verifier's.
    ///   - fetcher: Sends the requests.
    ///   - configuration: The bounds of lifetimes, attempts and answers.
    /// - Throws: ``ConfigurationError`` with `malformedURL`, `insecureURL` or `outOfRange`.
    public convenience init(
        issuer: String, keys: any KeySource, fetcher: any HTTPFetcher,
        configuration: StatusListConfiguration = .init()
    ) throws(ConfigurationError) {
        try self.init(
            issuer: issuer, keys: keys, fetcher: fetcher, configuration: configuration, now: { .now }, date: { .now })
    }

    /// - Parameters:
    ///   - now: What lifetimes are measured with.
    ///   - date: The wall clock, which the times in a list go by.
    package init(
        issuer: String, keys: any KeySource, fetcher: any HTTPFetcher, configuration: StatusListConfiguration,
        now: @escaping @Sendable () -> ContinuousClock.Instant, date: @escaping @Sendable () -> NumericDate
    ) throws(ConfigurationError) {
        try configuration.validate()
        origin = try EndpointURL(issuer, what: "the issuer")
        try origin.requireSecure(unless: configuration.allowsInsecureHTTP, what: "the issuer")
        self.issuer = issuer
        self.keys = keys
        self.configuration = configuration
        fetch = BoundedFetch(fetcher)
        self.now = now
        self.date = date
    }

    /// Refuses a token whose entry is set, or whose status cannot be known.
    ///
    /// Returns without waiting while the list that the token names is at hand.
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
                throw VerificationError(.malformedClaims, "status: idx: expected one of the list's entries")
            }
            guard !list[index] else { throw VerificationError(.revoked, "status: the entry is set") }
        case .absent:
            guard configuration.acceptsTokensWithoutStatus else {
                throw VerificationError(.missingClaim, "status: expected to name a status list")
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
                guard let place = entries.firstIndex(where: { token.isExactly(uri, $0.uri) }) else {
                    return .refuse(VerificationError(.statusUnavailable, "the status list was given up"))
                }
                entries[place].waiting -= 1
                return entries[place].machine.answerAfterwards(at: now, date: date)
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
            let place: Int
            if let known = entries.firstIndex(where: { token.isExactly(uri, $0.uri) }) {
                place = known
            } else {
                do throws(VerificationError) {
                    place = try add(token.string(uri), to: &entries, at: now)
                } catch {
                    return .failure(error)
                }
            }
            let (answer, startsFetch) = entries[place].machine.ask(at: now, date: date)
            if startsFetch {
                entries[place].fetch = start(entries[place].uri, entityTag: entries[place].machine.entityTag)
            }
            guard case .wait = answer, let task = entries[place].fetch else { return .success(.answer(answer)) }
            guard entries[place].waiting < Self.maximumWaiting else {
                return .failure(
                    VerificationError(
                        .statusUnavailable, "more than \(Self.maximumWaiting) callers wait for a status list",
                        retryAfter: .seconds(1)))
            }
            entries[place].waiting += 1
            return .success(.wait(task))
        }
        return try result.get()
    }

    /// Makes room for a list and returns its place. Only signed tokens come here, but a signature does not make every
    /// URL one that this service should ask.
    private func add(
        _ uri: String, to entries: inout [Entry], at now: ContinuousClock.Instant
    ) throws(VerificationError) -> Int {
        guard let url = try? EndpointURL(uri, what: "uri"), url.isSecure == origin.isSecure,
            url.authority.text.lowercased() == origin.authority.text.lowercased()
        else {
            throw VerificationError(.malformedClaims, "status: uri: expected one of the issuer's own origin")
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
            let outcome = await outcome(of: uri, entityTag: entityTag)
            let now = now()
            entries.withLock { entries in
                guard let place = entries.firstIndex(where: { $0.uri.isExactly(uri) }) else { return }
                entries[place].fetch = nil
                entries[place].machine.ended(with: outcome, at: now)
            }
        }
    }

    private func outcome(of uri: String, entityTag: String?) async -> StatusListMachine.Outcome {
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
                return .failed(reason: "status list: expected status 200, found \(response.status)")
            }
            return await outcome(of: response, uri: uri, lifetime: lifetime)
        } catch {
            return .failed(reason: "status list: \(error.reason)")
        }
    }

    private func outcome(
        of response: HTTPFetchResponse, uri: String, lifetime: Duration
    ) async -> StatusListMachine.Outcome {
        do throws(StatusListToken.Fault) {
            let jws = try StatusListToken.jws(response.body, maximumCount: configuration.maximumDocumentBytes)
            let token = try StatusListToken(
                jws, of: response.body, keys: try await keySet(for: jws.header.keyID), uri: uri, issuer: issuer,
                now: date().secondsSinceEpoch, maximumEntries: configuration.maximumEntries)
            let tag = response.values(of: "etag").first { EntityTag.isWellFormed($0) }
            return .list(token, entityTag: tag, lifetime: lifetime)
        } catch {
            return .failed(reason: error.reason)
        }
    }

    private func keySet(for keyID: String?) async throws(StatusListToken.Fault) -> KeySet {
        if let atHand = keys.keysAtHand(), keyID.map(atHand.contains) ?? true { return atHand }
        do {
            return try await keys.keys(for: keyID)
        } catch {
            throw StatusListToken.Fault(reason: "status list: \(error.detail)")
        }
    }
}
