import SignetTesting

@testable import SignetVerifier

/// Drives a ``RemoteKeyMachine``, which decides when a verifier fetches keys. The test sets the time and the result of
/// each fetch.
struct MachineHarness {
    let start = ContinuousClock.now
    var machine: RemoteKeyMachine
    var elapsed = Duration.zero
    /// The fetch that is started and not answered yet; `nil` if no fetch is running.
    var underWay: RemoteKeyMachine.Fetch?
    var fetches: [RemoteKeyMachine.Fetch] = []

    init(configuration: RemoteKeyConfiguration = .init(), discovery: Bool = false) {
        let location: RemoteKeyLocation =
            discovery
            ? .issuer(
                "https://a.test", metadataURL: "https://a.test/.well-known/oauth-authorization-server",
                alternativeURL: "https://a.test/.well-known/openid-configuration")
            : .keys(url: "https://a.test/keys")
        machine = RemoteKeyMachine(location: location, configuration: configuration)
    }

    var now: ContinuousClock.Instant { start + elapsed }

    mutating func advance(_ duration: Duration) { elapsed += duration }

    /// Returns the keys that the verifier gets without waiting; `nil` if the verifier has to wait.
    mutating func atHand() -> KeySet? {
        let (keys, fetch) = machine.keysAtHand(at: now)
        begin(fetch)
        return keys
    }

    mutating func ask(for keyID: String? = nil) -> RemoteKeyMachine.Answer {
        ask(keyID.map { .key($0) } ?? .anyKeys)
    }

    mutating func ask(_ need: RemoteKeyMachine.Need) -> RemoteKeyMachine.Answer {
        let (answer, fetch) = machine.keys(for: need, at: now)
        begin(fetch)
        return answer
    }

    mutating func answer(_ result: RemoteKeyMachine.FetchResult) {
        guard let fetch = underWay else { return }
        underWay = nil
        begin(machine.ended(fetch, with: result, at: now).next)
    }

    mutating func afterwards(for keyID: String? = nil) -> RemoteKeyMachine.Answer {
        afterwards(keyID.map { .key($0) } ?? .anyKeys)
    }

    mutating func afterwards(_ need: RemoteKeyMachine.Need) -> RemoteKeyMachine.Answer {
        machine.answerAfterwards(for: need, at: now)
    }

    private mutating func begin(_ fetch: RemoteKeyMachine.Fetch?) {
        guard let fetch else { return }
        precondition(underWay == nil, "a second fetch while one is under way")
        underWay = fetch
        fetches.append(fetch)
    }
}

extension RemoteKeyMachine.Answer {
    var served: KeySet? { if case .serve(let keys) = self { keys } else { nil } }

    var refusal: VerificationError? { if case .refuse(let error) = self { error } else { nil } }

    var isWaiting: Bool { if case .wait = self { true } else { false } }
}

extension RemoteKeyMachine.FetchResult {
    static func keys(_ keys: KeySet, lifetime: Duration = .seconds(600), entityTag: String? = nil) -> Self {
        .keys(keys, entityTag: entityTag, lifetime: lifetime)
    }
}
