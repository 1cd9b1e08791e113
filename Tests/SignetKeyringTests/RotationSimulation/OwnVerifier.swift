import RSAVerification

@testable import SignetVerifier

/// Signet's verifier: a ``RemoteKeyMachine`` whose fetches are answered at once.
struct OwnVerifier: SimulatedVerifier {
    let name = "Signet's verifier"
    private let key: RSAPublicKey
    private let epoch = ContinuousClock.now
    private let configuration = RemoteKeyConfiguration()
    private var machine: RemoteKeyMachine

    /// Makes a verifier without keys.
    /// - Parameter key: one public key that is used for every key ID, because the simulation checks no signatures.
    init(key: RSAPublicKey) {
        self.key = key
        machine = Self.machine(RemoteKeyConfiguration())
    }

    mutating func restart() { machine = Self.machine(configuration) }

    mutating func accepts(_ keyID: String, at now: Int64, fetch: () -> SimulatedPublication?) -> Bool? {
        let instant = epoch + .seconds(now)
        let (keys, refresh) = machine.keysAtHand(at: instant)
        end(refresh, at: instant, fetch)
        if keys?.contains(keyID) == true { return true }
        let (answer, search) = machine.keys(for: .key(keyID), at: instant)
        end(search, at: instant, fetch)
        let settled = if case .wait = answer { machine.answerAfterwards(for: .key(keyID), at: instant) } else { answer }
        guard case .serve(let served) = settled else { return nil }
        return served.contains(keyID)
    }

    private mutating func end(
        _ fetch: RemoteKeyMachine.Fetch?, at instant: ContinuousClock.Instant, _ answer: () -> SimulatedPublication?
    ) {
        guard let fetch else { return }
        guard let publication = answer() else {
            _ = machine.ended(fetch, with: .failed(reason: "outage"), at: instant)
            return
        }
        let keys = KeySet(publication.keyIDs.map { (keyID: $0, publicKey: key) })
        let lifetime = configuration.freshness.lifetime(
            cacheControl: ["public, max-age=\(publication.maxAge)"], age: nil)
        _ = machine.ended(fetch, with: .keys(keys, entityTag: nil, lifetime: lifetime), at: instant)
    }

    private static func machine(_ configuration: RemoteKeyConfiguration) -> RemoteKeyMachine {
        RemoteKeyMachine(location: .keys(url: "https://id.test/keys"), configuration: configuration)
    }
}
