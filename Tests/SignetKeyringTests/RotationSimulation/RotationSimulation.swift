import RSAVerification
import SignetStore

@testable import SignetKeyring

/// A year, or less, of an issuer that rotates by itself, with a fleet of verifiers; all of it in virtual time.
///
/// Three nodes share the keyring: one with the right time, two whose clocks are off by `skew` either way. In turn they do
/// what is due, sign, and serve the published keys. Verifiers lose their memory now and then, the way to the published keys
/// fails now and then, and the nodes are down now and then. Every verifier gets tokens of all ages all the time.
struct RotationSimulation {
    /// What came of the good tokens that a verifier got.
    struct Tally {
        let name: String
        var accepted = 0
        /// Refused because their key was not known.
        var refused = 0
        /// Refused because the verifier had no keys at all: it began while they could not be fetched.
        var unavailable = 0
        /// Seconds in which a token was refused, from the first to the last of each rotation.
        var longestRefusal: Int64 = 0
        fileprivate var refusingSince: Int64?
    }

    let terms: KeyPolicy
    let duration: Int64
    let skew: Int64
    /// Seconds of each outage of the published keys.
    let outage: Int64

    func run(_ verifiers: [any SimulatedVerifier], seed: UInt64 = 1) -> (tallies: [Tally], rotations: Int) {
        var random = SplitMix(state: seed)
        var verifiers = verifiers
        var tallies = verifiers.map { Tally(name: $0.name) }
        var document = KeyPlanTests.document(terms: terms)
        var signers: Set<String> = []
        let lifetime = terms.accessTokenLifetime.components.seconds
        // Tokens of all ages: who signed, and when.
        var tokens: [(kid: String, issued: Int64)] = []
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
                if let kid = document.signingKey(at: clock)?.kid {
                    signers.insert(kid)
                    tokens.append((kid, now))
                }
            }
            tokens.removeAll { now >= $0.issued + lifetime }
            let publication = SimulatedPublication(
                kids: document.publishedKeys(at: clock).map(\.kid),
                maxAge: document.publicationMaxAge.components.seconds)
            for index in verifiers.indices {
                if random.next() % 5000 == 0 { verifiers[index].restart() }
                for token in [tokens.last, tokens.first, tokens.randomElement(using: &random)].compactMap(\.self) {
                    let verdict = verifiers[index].accepts(token.kid, at: now) { cannotFetch ? nil : publication }
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

    /// Small steps where something changes, larger ones in between.
    private func step(_ document: KeyringDocument, at now: Int64) -> Int64 {
        let base = KeyPlanTests.start.seconds
        let tokens = terms.accessTokenLifetime.components.seconds
        let isNear = document.keys.contains { key in
            [key.createdAt, key.activatesAt, key.removedAt].compactMap { $0?.seconds }.contains { time in
                (-900...(900 + tokens)).contains(now + base - time)
            }
        }
        return isNear ? 7 : 97
    }
}

/// Spans of time that come again and again, not at the same hour.
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

/// Random numbers that are the same in every run.
private struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }
}
