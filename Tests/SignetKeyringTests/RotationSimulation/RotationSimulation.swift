import RSAVerification
import SignetStore
import TestSupport

@testable import SignetKeyring

/// An issuer that rotates its keys and a fleet of verifiers, in virtual time.
///
/// Three nodes share the keyring. One clock is right, one is ahead by `skew`, and one is behind by `skew`. The nodes
/// take turns in making changes, signing, and serving the published keys. From time to time verifiers restart, the
/// published keys cannot be fetched, or all nodes are down. Every verifier continuously receives tokens of all ages.
struct RotationSimulation {
    /// How often one verifier accepted or refused valid tokens.
    struct Tally {
        let name: String
        var accepted = 0
        /// The number of tokens that were refused because the verifier did not know their key.
        var refused = 0
        /// The number of tokens that could not be checked, because the verifier started during an outage and had no
        /// keys.
        var unavailable = 0
        /// The longest time in seconds from the first to the last token of a series of refused tokens.
        var longestRefusal: Int64 = 0
        fileprivate var refusingSince: Int64?
    }

    let policy: KeyPolicy
    let duration: Int64
    let skew: Int64
    /// The length in seconds of each outage in which the published keys cannot be fetched.
    let outage: Int64

    func run(_ verifiers: [any SimulatedVerifier], seed: UInt64 = 1) -> (tallies: [Tally], rotations: Int) {
        var random = SeededGenerator(seed: seed)
        var verifiers = verifiers
        var tallies = verifiers.map { Tally(name: $0.name) }
        var document = KeyPlanTests.document(policy: policy)
        var signers: Set<String> = []
        let lifetime = policy.accessTokenLifetime.components.seconds
        // The unexpired tokens, the oldest first.
        var tokens: [(keyID: String, issued: Int64)] = []
        let outages = Windows(every: 86_400 * 5 / 2, lasting: outage, seed: 11)
        let stops = Windows(every: 86_400 * 9, lasting: 1200, seed: 12)
        var now: Int64 = 0
        var round = 0
        while now < duration {
            let isDown = stops.contain(now)
            let cannotFetch = isDown || outages.contain(now)
            let clock = KeyPlanTests.start + .seconds(now + [0, skew, -skew][round % 3])
            if !isDown {
                KeyPlanTests.advance(&document, at: clock)
                if let keyID = document.signingKey(at: clock)?.keyID {
                    signers.insert(keyID)
                    tokens.append((keyID, now))
                }
            }
            tokens.removeAll { now >= $0.issued + lifetime }
            let publication = SimulatedPublication(
                keyIDs: document.publishedKeys(at: clock).map(\.keyID),
                maxAge: document.publicationMaxAge.components.seconds)
            for index in verifiers.indices {
                if random.next() % 5000 == 0 { verifiers[index].restart() }
                for token in [tokens.last, tokens.first, tokens.randomElement(using: &random)].compactMap(\.self) {
                    let verdict = verifiers[index].accepts(token.keyID, at: now) { cannotFetch ? nil : publication }
                    Self.count(verdict, at: now, in: &tallies[index])
                }
            }
            now += step(document, at: now)
            round += 1
        }
        return (tallies, signers.count - 1)
    }

    private static func count(_ verdict: Bool?, at now: Int64, in tally: inout Tally) {
        switch verdict {
        case true?:
            tally.accepted += 1
            if let since = tally.refusingSince, now - since > 60 { tally.refusingSince = nil }
        case false?:
            tally.refused += 1
            let since = tally.refusingSince ?? now
            tally.refusingSince = since
            tally.longestRefusal = max(tally.longestRefusal, now - since)
        case nil: tally.unavailable += 1
        }
    }

    /// Returns the number of seconds until the next step of the simulation. Steps are short (7 s) near the times at
    /// which a key is published, starts to sign or is removed, because refusals there may be short. All other steps
    /// take 97 s.
    private func step(_ document: KeyringDocument, at now: Int64) -> Int64 {
        let base = KeyPlanTests.start.seconds
        let tokens = policy.accessTokenLifetime.components.seconds
        let isNear = document.keys.contains { key in
            [key.createdAt, key.activatesAt, key.removedAt].compactMap { $0?.seconds }.contains { time in
                (-900...(900 + tokens)).contains(now + base - time)
            }
        }
        return isNear ? 7 : 97
    }
}

/// Recurring time windows, for example outages. There is one window of `lasting` seconds in each period of `every`
/// seconds, at a different offset in each period.
private struct Windows {
    let every: Int64
    let lasting: Int64
    let seed: Int64

    init(every: Int64, lasting: Int64, seed: Int64) {
        self.every = every
        self.lasting = lasting
        self.seed = seed
    }

    func contain(_ now: Int64) -> Bool {
        let start = (now / every) &* 7919 &* seed % max(1, every - lasting)
        return lasting > 0 && (start..<(start + lasting)).contains(now % every)
    }
}
