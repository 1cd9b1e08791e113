import SignetStore
import Testing

@testable import SignetKeyring

/// The whole life of keys as a function of `keyring.json` and the time, without files and without keys.
@Suite struct KeyPlanTests {
    static let start = Timestamp(seconds: 1_800_000_000)
    static let day: Int64 = 86_400

    static func document(terms: KeyPolicy = .standard) -> KeyringDocument {
        KeyringDocument(
            keys: [record("key-0", createdAt: start, activatesAt: start)],
            refreshSecrets: [RefreshSecretRecord(id: 1, fingerprint: [1], createdAt: start)],
            terms: EffectiveKeyPolicy(terms), writtenAt: start)
    }

    static func record(_ kid: String, createdAt: Timestamp, activatesAt: Timestamp?) -> KeyRecord {
        KeyRecord(kid: kid, modulus: [1], exponent: [1, 0, 1], createdAt: createdAt, activatesAt: activatesAt)
    }

    /// Does what is due at `now`, as a node whose clock shows that.
    static func advance(_ document: inout KeyringDocument, at now: Timestamp) {
        let now = Timestamp(seconds: now.seconds)
        let steps = KeyPlan(for: document, at: now).due
        for step in steps {
            let number = document.keys.compactMap { Int($0.kid.dropFirst(4)) }.max() ?? 0
            document.apply(step, at: now) { Self.record("key-\(number + 1)", createdAt: now, activatesAt: $0) }
        }
        if !steps.isEmpty { document.writtenAt = max(now, document.writtenAt) }
    }

    @Test func `a successor is made one lead before the rotation is due, and not sooner`() {
        let document = Self.document()
        let due = Self.start + .seconds(29 * Self.day)
        #expect(KeyPlan(for: document, at: due - .seconds(1)).due.isEmpty)
        #expect(KeyPlan(for: document, at: due).due == [.generate(activatesAt: Self.start + .seconds(30 * Self.day))])
        #expect(KeyPlan.nextGeneration(in: document, at: Self.start) == due)
    }

    @Test func `a rotation that is overdue still gives every verifier the whole lead`() {
        let late = Self.start + .seconds(100 * Self.day)
        #expect(KeyPlan(for: Self.document(), at: late).due == [.generate(activatesAt: late + .seconds(Self.day))])
    }

    @Test func `without automatic rotation nothing is due, ever`() throws {
        let document = Self.document(terms: try KeyPolicyTests.terms(rotation: nil))
        #expect(KeyPlan(for: document, at: Self.start + .seconds(4000 * Self.day)).due.isEmpty)
    }

    @Test func `whoever may not rotate deletes what is due, makes no key and schedules none`() {
        var document = Self.document()
        let due = Self.start + .seconds(29 * Self.day)
        #expect(KeyPlan(for: document, at: due, rotating: false).due.isEmpty)
        document.add(Self.record("key-9", createdAt: Self.start, activatesAt: nil), at: Self.start)
        #expect(KeyPlan(for: document, at: due, rotating: false).due.isEmpty)
        Self.advance(&document, at: due)
        let retirement = Self.start + .seconds(30 * Self.day + 7200)
        #expect(KeyPlan(for: document, at: retirement, rotating: false).due == [.deletePrivateHalf(kid: "key-0")])
    }

    @Test func `a key goes through its four states in order, each at the time that was written down`() throws {
        var document = Self.document()
        Self.advance(&document, at: Self.start + .seconds(29 * Self.day))
        let first = try #require(document.keys.first)
        let activation = Self.start + .seconds(30 * Self.day)
        #expect(first.retiresAt == activation + .seconds(7200))
        let end = activation + .seconds(7200 + 900 + 60 + 3600 + 300)
        #expect(first.removedAt == end)
        #expect(document.signingKey(at: activation - .seconds(1))?.kid == "key-0")
        #expect(document.signingKey(at: activation)?.kid == "key-1")
        #expect(KeyPlan(for: document, at: activation + .seconds(7199)).due.isEmpty)
        #expect(KeyPlan(for: document, at: activation + .seconds(7200)).due == [.deletePrivateHalf(kid: "key-0")])
        Self.advance(&document, at: activation + .seconds(7200))
        #expect(document.keys[0].hasPrivateHalf == false)
        #expect(document.publishedKeys(at: end - .seconds(1)).map(\.kid) == ["key-0", "key-1"])
        #expect(KeyPlan(for: document, at: end).due == [.remove(kid: "key-0")])
        Self.advance(&document, at: end)
        #expect(document.keys.map(\.kid) == ["key-1"])
    }

    @Test func `a key that waits is taken before a new one is made`() {
        var document = Self.document()
        document.add(Self.record("key-9", createdAt: Self.start, activatesAt: nil), at: Self.start)
        let due = Self.start + .seconds(29 * Self.day)
        #expect(
            KeyPlan(for: document, at: due).due
                == [.schedule(kid: "key-9", activatesAt: Self.start + .seconds(30 * Self.day))])
    }

    @Test func `a clock behind the one that wrote the keyring does nothing, within the tolerance it does`() {
        var document = Self.document()
        let due = Self.start + .seconds(29 * Self.day)
        document.writtenAt = due + .seconds(3600)
        #expect(KeyPlan(for: document, at: due).due.count == 1)
        #expect(!KeyPlan(for: document, at: due).clockIsBehind)
        document.writtenAt = due + .seconds(3601)
        #expect(KeyPlan(for: document, at: due).due.isEmpty)
        #expect(KeyPlan(for: document, at: due).clockIsBehind)
    }

    /// The promise in one loop: nodes whose clocks are off by up to an hour, any of which may do what is due, and the
    /// worst verifier that goes by its max-age.
    @Test(
        arguments: [
            (30 * 86_400, 86_400, 300, 3600, 1200), (7 * 86_400, 7200, 3600, 900, 300), (86_400, 600, 300, 75, 25),
            (3600, 600, 440, 75, 5),
        ] as [(Int64, Int64, Int64, Int64, Int64)])
    func `in twelve rotations no node signs with a key that a verifier may lack, and none goes too early`(
        rotation: Int64, lead: Int64, maxAge: Int64, skew: Int64, step: Int64
    ) throws {
        let terms = try KeyPolicyTests.terms(rotation: rotation, lead: lead, maxAge: maxAge)
        #expect(Duration.seconds(skew) <= terms.clockTolerance)
        let skews: [Int64] = [0, skew, -skew]
        var document = Self.document(terms: terms)
        // By kid, when it was published, when it was last signed with; and what is in the files.
        var published: [String: Int64] = ["key-0": -1_000_000]
        var lastSigned: [String: Int64] = [:]
        var signers: Set<String> = []
        var faults: [String] = []
        let most = 4 + Int((Duration.seconds(2 * skew) + terms.retention) / .seconds(rotation))
        let rounds = min(365 * Self.day, rotation * 12) / step
        for round in 0..<rounds {
            let time = round * step
            let node = skews[Int(round) % 3]
            Self.advance(&document, at: Self.start + .seconds(time + node))
            for key in document.keys where published[key.kid] == nil { published[key.kid] = time }
            let files = Set(document.keys.filter(\.hasPrivateHalf).map(\.kid))
            for skew in skews {
                let now = Self.start + .seconds(time + skew)
                let signer = try #require(document.signingKey(at: now))
                signers.insert(signer.kid)
                if !files.contains(signer.kid) { faults.append("\(signer.kid) has no file at \(time)") }
                if time - (published[signer.kid] ?? .max) < maxAge { faults.append("\(signer.kid) signs at \(time)") }
                lastSigned[signer.kid] = time
            }
            let alive = skews.map { skew in
                Set(document.publishedKeys(at: Self.start + .seconds(time + skew)).map(\.kid))
            }
            for (kid, signed) in lastSigned where time <= signed + 900 + 30 {
                if !alive.allSatisfy({ $0.contains(kid) }) { faults.append("\(kid) went at \(time)") }
            }
            if document.keys.count > most { faults.append("\(document.keys.count) keys at \(time)") }
        }
        #expect(faults.isEmpty, "\(faults.prefix(5))")
        #expect(signers.count >= Int(rounds * step / rotation) - 1)
    }

    @Test func `an hour ahead for a while takes nothing away that the others need`() throws {
        var document = Self.document()
        let due = Self.start + .seconds(29 * Self.day)
        Self.advance(&document, at: due)
        let activation = Self.start + .seconds(30 * Self.day)
        // Just before the others stop signing with it, a node that is an hour ahead does what it thinks is due.
        for minutes in stride(from: Int64(-60), through: 0, by: 1) {
            let time = activation + .seconds(minutes * 60)
            Self.advance(&document, at: time + .seconds(3600))
            let signer = try #require(document.signingKey(at: time))
            #expect(signer.hasPrivateHalf)
            #expect(document.publishedKeys(at: time + .seconds(3600)).count == 2)
        }
    }

    @Test func `a jump by a year and back leaves a keyring that goes on`() throws {
        var document = Self.document()
        let now = Self.start + .seconds(10 * Self.day)
        let ahead = now + .seconds(365 * Self.day)
        Self.advance(&document, at: ahead)
        #expect(document.keys.count == 2)
        // Back: the key signs as before, and nothing is due until the operator or the time says so.
        #expect(document.signingKey(at: now)?.kid == "key-0")
        #expect(KeyPlan(for: document, at: now).clockIsBehind)
        // `signet keys rotate` gives the key a lead from now on.
        let next = try #require(document.nextKeys(at: now).first)
        document.schedule(next.kid, at: document.earliestActivation(of: next, at: now), now: now)
        document.writtenAt = now
        let activation = now + .seconds(Self.day)
        #expect(document.signingKey(at: activation)?.kid == "key-1")
        #expect(KeyPlan(for: document, at: activation).due.isEmpty)
        Self.advance(&document, at: activation + .seconds(7200))
        #expect(document.keys.map(\.hasPrivateHalf) == [false, true])
    }

    @Test func `a next key that a clock far ahead made signs when its rotation is due, once the time is set back`()
        throws
    {
        var document = Self.document()
        let now = Self.start + .seconds(10 * Self.day)
        Self.advance(&document, at: now + .seconds(365 * Self.day))
        let next = try #require(document.nextKeys(at: now).first)
        #expect(try #require(next.activatesAt) > now + .seconds(365 * Self.day))
        // Any command that changes something sets the time back, and does not have to touch that key.
        document.writtenAt = now
        let due = Self.start + .seconds(30 * Self.day)
        #expect(KeyPlan(for: document, at: now).due == [.schedule(kid: "key-1", activatesAt: due)])
        Self.advance(&document, at: now)
        #expect(KeyPlan(for: document, at: now).due.isEmpty)
        #expect(document.keys.first?.retiresAt == due + .seconds(7200))
        #expect(document.signingKey(at: due)?.kid == "key-1")
        // When the rotation is overdue, verifiers still get the key a lead before it signs, counted from now.
        var late = Self.document()
        let later = Self.start + .seconds(40 * Self.day)
        Self.advance(&late, at: later + .seconds(365 * Self.day))
        late.writtenAt = later
        Self.advance(&late, at: later)
        #expect(late.keys.last?.activatesAt == later + .seconds(Self.day))
        for hour in 1...24 as ClosedRange<Int64> {
            #expect(KeyPlan(for: late, at: later + .seconds(hour * 3600)).due.isEmpty, "hour \(hour)")
        }
    }

    @Test func `a key that signs for want of another, before its time, is given one`() {
        var document = Self.document()
        let now = Self.start + .seconds(10 * Self.day)
        // The clock stayed ahead until the successor signed and the private half of the first key was gone.
        let ahead = now + .seconds(365 * Self.day)
        for hours in [0, 24, 27] as [Int64] { Self.advance(&document, at: ahead + .seconds(hours * 3600)) }
        #expect(document.keys.contains { $0.kid == "key-0" && $0.hasPrivateHalf } == false)
        document.writtenAt = now
        #expect(document.signingKey(at: now)?.kid == "key-1")
        Self.advance(&document, at: now)
        #expect(document.keys.last?.activatesAt == now + .seconds(Self.day))
    }

    @Test func `a shorter rotation holds for a next key whose time is decided already`() throws {
        // Ten days of lead: the next key has long been published.
        var document = Self.document(terms: try KeyPolicyTests.terms(lead: 10 * Self.day))
        Self.advance(&document, at: Self.start + .seconds(20 * Self.day))
        #expect(document.keys.last?.activatesAt == Self.start + .seconds(30 * Self.day))
        let now = Self.start + .seconds(22 * Self.day)
        document.terms = document.terms.adopting(
            try KeyPolicyTests.terms(rotation: 23 * Self.day, lead: Self.day), at: now)
        let due = Self.start + .seconds(23 * Self.day)
        #expect(KeyPlan(for: document, at: now).due == [.schedule(kid: "key-1", activatesAt: due)])
        document.terms = document.terms.adopting(
            try KeyPolicyTests.terms(rotation: 7 * Self.day, lead: Self.day), at: now)
        #expect(KeyPlan(for: document, at: now).due == [.schedule(kid: "key-1", activatesAt: now + .seconds(2))])
        Self.advance(&document, at: now)
        #expect(KeyPlan(for: document, at: now).due.isEmpty)
    }

    @Test func `nodes whose clocks differ by what they may do not move each other's keys`() throws {
        var document = Self.document()
        let late = Self.start + .seconds(40 * Self.day)
        Self.advance(&document, at: late + .seconds(3600))
        let decided = document.keys.last?.activatesAt
        for minutes in stride(from: Int64(0), through: 1440, by: 1) {
            for skew in [-3600, 0, 3600] as [Int64] {
                Self.advance(&document, at: late + .seconds(minutes * 60 + skew))
                #expect(document.keys.last?.activatesAt == decided, "minute \(minutes)")
            }
        }
    }

    @Test func `a dropped successor lets the key before it sign on`() throws {
        var document = Self.document()
        Self.advance(&document, at: Self.start + .seconds(29 * Self.day))
        #expect(document.keys[0].retiresAt != nil)
        document.revoke("key-1", at: Self.start + .seconds(29 * Self.day + 60))
        #expect(document.keys.count == 1)
        #expect(document.keys[0].retiresAt == nil)
        #expect(document.keys[0].removedAt == nil)
    }

    @Test func `a secret goes when no session can hold its tokens, and never the current one`() {
        var document = Self.document()
        let now = Self.start + .seconds(1000)
        document.add(
            RefreshSecretFile(id: 2, secret: [UInt8](repeating: 1, count: 32)), activatesAt: now + .seconds(120),
            at: now)
        #expect(document.currentSecret(at: now + .seconds(119))?.id == 1)
        #expect(document.currentSecret(at: now + .seconds(120))?.id == 2)
        let end = now + .seconds(120 + 7200 + 90 * Self.day + 3600)
        #expect(document.refreshSecrets[0].removedAt == end)
        #expect(document.refreshSecrets[1].removedAt == nil)
        #expect(!KeyPlan(for: document, at: end - .seconds(1)).due.contains(.removeSecret(id: 1)))
        #expect(KeyPlan(for: document, at: end).due.contains(.removeSecret(id: 1)))
    }

    @Test func `the published max age never exceeds what a key published a moment later waits`() throws {
        #expect(Self.document().publicationMaxAge == .seconds(300))
        var document = Self.document()
        // As a node with another setting would have left it.
        document.terms = EffectiveKeyPolicy(
            rotation: nil, lead: .seconds(160), maxAge: KeyringBound(.seconds(300)),
            accessTokens: document.terms.accessTokens, sessions: document.terms.sessions)
        #expect(document.publicationMaxAge == .seconds(160 - 2 - 40))
        #expect(document.terms.earliestActivation(ofPublishedAt: Self.start) >= Self.start + .seconds(300))
    }
}
