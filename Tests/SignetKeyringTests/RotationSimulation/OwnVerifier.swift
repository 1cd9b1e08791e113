import RSAVerification

@testable import SignetVerifier

/// Our own verifier: the real ``RemoteKeyMachine``, its fetches answered at once.
struct OwnVerifier: SimulatedVerifier {
    let name = "Signet's verifier"
    private let key: RSAPublicKey
    private let epoch = ContinuousClock.now
    private let configuration = RemoteKeyConfiguration()
    private var machine: RemoteKeyMachine

    /// - Parameter key: stands for all keys; only their names matter here.
    init(key: RSAPublicKey) {
        self.key = key
        machine = Self.machine(RemoteKeyConfiguration())
    }

    mutating func restart() { machine = Self.machine(configuration) }

    mutating func accepts(_ kid: String, at now: Int64, fetch: () -> SimulatedPublication?) -> Bool? {
        let instant = epoch + .seconds(now)
        let (keys, refresh) = machine.keysAtHand(at: instant)
        end(refresh, at: instant, fetch)
        if keys?.contains(kid) == true { return true }
        let (answer, search) = machine.keys(for: .key(kid), at: instant)
        end(search, at: instant, fetch)
        let settled = if case .wait = answer { machine.answerAfterwards(for: .key(kid), at: instant) } else { answer }
        guard case .serve(let served) = settled else { return nil }
        return served.contains(kid)
    }

    private mutating func end(
        _ fetch: RemoteKeyMachine.Fetch?, at instant: ContinuousClock.Instant, _ answer: () -> SimulatedPublication?
    ) {
        guard let fetch else { return }
        guard let publication = answer() else {
            _ = machine.ended(fetch, with: .failed(reason: "outage"), at: instant)
            return
        }
        let keys = KeySet(publication.kids.map { (keyID: $0, publicKey: key) })
        let lifetime = configuration.freshness.lifetime(
            cacheControl: ["public, max-age=\(publication.maxAge)"], age: nil)
        _ = machine.ended(fetch, with: .keys(keys, entityTag: nil, lifetime: lifetime), at: instant)
    }

    private static func machine(_ configuration: RemoteKeyConfiguration) -> RemoteKeyMachine {
        RemoteKeyMachine(location: .keys(url: "https://id.test/keys"), configuration: configuration)
    }
}
