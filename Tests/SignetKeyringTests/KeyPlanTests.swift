import SignetStore
import Testing

@testable import SignetKeyring

/// Tests of ``KeyPlan``, which lists the changes of a keyring that are due at a given time. These tests use no files
/// and no private keys.
@Suite struct KeyPlanTests {
    static let start = Timestamp(seconds: 1_800_000_000)
    static let day: Int64 = 86_400

    static func document(policy: KeyPolicy = .standard) -> KeyringDocument {
        KeyringDocument(
            keys: [record("key-0", createdAt: start, activatesAt: start)],
            refreshSecrets: [RefreshSecretRecord(id: 1, fingerprint: [1], createdAt: start)],
            policy: EffectiveKeyPolicy(policy), writtenAt: start)
    }

    static func record(_ keyID: String, createdAt: Timestamp, activatesAt: Timestamp?) -> KeyRecord {
        KeyRecord(keyID: keyID, modulus: [1], exponent: [1, 0, 1], createdAt: createdAt, activatesAt: activatesAt)
    }

    /// Makes all changes to `document` that are due at `now`, as a running service does.
    static func advance(_ document: inout KeyringDocument, at now: Timestamp) {
        let now = Timestamp(seconds: now.seconds)
        let plan = KeyPlan(for: document, at: now)
        for step in plan.steps { document.apply(step, at: now) }
        if let activation = plan.newKeyActivation {
            let number = document.keys.compactMap { Int($0.keyID.dropFirst(4)) }.max() ?? 0
            document.add(record("key-\(number + 1)", createdAt: now, activatesAt: activation), at: now)
        }
        if !plan.isEmpty { document.writtenAt = max(now, document.writtenAt) }
    }

    @Test func `a successor is created exactly one lead before the rotation is due`() {
        let document = Self.document()
        let due = Self.start + .seconds(29 * Self.day)
        #expect(KeyPlan(for: document, at: due - .seconds(1)).isEmpty)
        #expect(KeyPlan(for: document, at: due).newKeyActivation == Self.start + .seconds(30 * Self.day))
        #expect(KeyPlan.nextKeyCreation(in: document) == due)
    }

    @Test func `an overdue rotation still gives the new key a whole lead`() {
        let late = Self.start + .seconds(100 * Self.day)
        #expect(KeyPlan(for: Self.document(), at: late).newKeyActivation == late + .seconds(Self.day))
    }

    @Test func `no key is created or scheduled without a rotation interval`() throws {
        let document = Self.document(policy: try KeyPolicyTests.policy(rotation: nil))
        #expect(KeyPlan(for: document, at: Self.start + .seconds(4000 * Self.day)).isEmpty)
    }

    @Test func `a node that must not rotate deletes private halves, but creates and schedules no key`() {
        var document = Self.document()
        let due = Self.start + .seconds(29 * Self.day)
        #expect(KeyPlan(for: document, at: due, rotating: false).isEmpty)
        document.add(Self.record("key-9", createdAt: Self.start, activatesAt: nil), at: Self.start)
        #expect(KeyPlan(for: document, at: due, rotating: false).isEmpty)
        Self.advance(&document, at: due)
        let retirement = Self.start + .seconds(30 * Self.day + 7200)
        #expect(KeyPlan(for: document, at: retirement, rotating: false).steps == [.deletePrivateHalf(keyID: "key-0")])
    }

    @Test func `a key passes its four states in order, each at the stored time`() throws {
        var document = Self.document()
        Self.advance(&document, at: Self.start + .seconds(29 * Self.day))
        let first = try #require(document.keys.first)
        let activation = Self.start + .seconds(30 * Self.day)
        #expect(first.retiresAt == activation + .seconds(7200))
        let end = activation + .seconds(7200 + 900 + 60 + 3600 + 300)
        #expect(first.removedAt == end)
        #expect(document.signingKey(at: activation - .seconds(1))?.keyID == "key-0")
        #expect(document.signingKey(at: activation)?.keyID == "key-1")
        #expect(KeyPlan(for: document, at: activation + .seconds(7199)).isEmpty)
        #expect(KeyPlan(for: document, at: activation + .seconds(7200)).steps == [.deletePrivateHalf(keyID: "key-0")])
        Self.advance(&document, at: activation + .seconds(7200))
        #expect(document.keys.first?.hasPrivateHalf == false)
        #expect(document.publishedKeys(at: end - .seconds(1)).map(\.keyID) == ["key-0", "key-1"])
        #expect(KeyPlan(for: document, at: end).steps == [.remove(keyID: "key-0")])
        Self.advance(&document, at: end)
        #expect(document.keys.map(\.keyID) == ["key-1"])
    }

    @Test func `a next key that waits is scheduled instead of creating another`() {
        var document = Self.document()
        document.add(Self.record("key-9", createdAt: Self.start, activatesAt: nil), at: Self.start)
        let due = Self.start + .seconds(29 * Self.day)
        #expect(
            KeyPlan(for: document, at: due).steps
                == [.schedule(keyID: "key-9", activatesAt: Self.start + .seconds(30 * Self.day))])
    }

    @Test func `nothing is due on a clock that is behind the last change by more than the tolerance`() {
        var document = Self.document()
        let due = Self.start + .seconds(29 * Self.day)
        document.writtenAt = due + .seconds(3600)
        #expect(KeyPlan(for: document, at: due).newKeyActivation != nil)
        #expect(!KeyPlan(for: document, at: due).clockIsBehind)
        document.writtenAt = due + .seconds(3601)
        #expect(KeyPlan(for: document, at: due).isEmpty)
        #expect(KeyPlan(for: document, at: due).clockIsBehind)
    }

    /// Each argument has five times in seconds: the rotation interval, the lead (how long a key is published before it
    /// signs), the `max-age` of the key set, the error of the nodes' clocks, and the step between two checks.
    @Test(
        arguments: [
            (30 * 86_400, 86_400, 300, 3600, 1200), (7 * 86_400, 7200, 3600, 900, 300), (86_400, 600, 300, 75, 25),
            (3600, 600, 440, 75, 5),
        ] as [(Int64, Int64, Int64, Int64, Int64)])
    func `in twelve rotations no node signs with a key that a verifier may lack, and no key is removed too early`(
        rotation: Int64, lead: Int64, maxAge: Int64, skew: Int64, step: Int64
    ) throws {
        let policy = try KeyPolicyTests.policy(rotation: rotation, lead: lead, maxAge: maxAge)
        #expect(Duration.seconds(skew) <= policy.clockTolerance)
        let skews: [Int64] = [0, skew, -skew]
        var document = Self.document(policy: policy)
        // `published` and `lastSigned` map the ID of each key to a number of seconds after `start`. `key-0` was
        // published long before `start`.
        var published: [String: Int64] = ["key-0": -1_000_000]
        var lastSigned: [String: Int64] = [:]
        var signers: Set<String> = []
        var faults: [String] = []
        let most = 4 + Int((Duration.seconds(2 * skew) + policy.publicationAfterRetirement) / .seconds(rotation))
        let rounds = min(365 * Self.day, rotation * 12) / step
        for round in 0..<rounds {
            let time = round * step
            let node = skews[Int(round) % 3]
            Self.advance(&document, at: Self.start + .seconds(time + node))
            for key in document.keys where published[key.keyID] == nil { published[key.keyID] = time }
            let files = Set(document.keys.filter(\.hasPrivateHalf).map(\.keyID))
            for skew in skews {
                let now = Self.start + .seconds(time + skew)
                let signer = try #require(document.signingKey(at: now))
                signers.insert(signer.keyID)
                if !files.contains(signer.keyID) { faults.append("\(signer.keyID) has no file at \(time)") }
                if time - (published[signer.keyID] ?? .max) < maxAge {
                    faults.append("\(signer.keyID) signs at \(time)")
                }
                lastSigned[signer.keyID] = time
            }
            let alive = skews.map { skew in
                Set(document.publishedKeys(at: Self.start + .seconds(time + skew)).map(\.keyID))
            }
            for (keyID, signed) in lastSigned where time <= signed + 900 + 30 {
                if !alive.allSatisfy({ $0.contains(keyID) }) { faults.append("\(keyID) went at \(time)") }
            }
            if document.keys.count > most { faults.append("\(document.keys.count) keys at \(time)") }
        }
        #expect(faults.isEmpty, "\(faults.prefix(5))")
        #expect(signers.count >= Int(rounds * step / rotation) - 1)
    }

    @Test func `a node whose clock is an hour ahead removes no key that the others need`() throws {
        var document = Self.document()
        let due = Self.start + .seconds(29 * Self.day)
        Self.advance(&document, at: due)
        let activation = Self.start + .seconds(30 * Self.day)
        // The second key becomes active at `activation`. In the hour before, a node whose clock is an hour ahead
        // already makes the changes for that time. The other nodes must still be able to sign with the first key.
        for minutes in stride(from: Int64(-60), through: 0, by: 1) {
            let time = activation + .seconds(minutes * 60)
            Self.advance(&document, at: time + .seconds(3600))
            let signer = try #require(document.signingKey(at: time))
            #expect(signer.hasPrivateHalf)
            #expect(document.publishedKeys(at: time + .seconds(3600)).count == 2)
        }
    }

    @Test func `a keyring works on after a clock jumped a year ahead and back`() throws {
        var document = Self.document()
        let now = Self.start + .seconds(10 * Self.day)
        let ahead = now + .seconds(365 * Self.day)
        Self.advance(&document, at: ahead)
        #expect(document.keys.count == 2)
        // The clock is right again, and `key-0` still signs. But the last change of the keyring is dated a year ahead.
        // Until that time, nodes make no changes (`clockIsBehind`). Only an operator's command can change the keyring.
        #expect(document.signingKey(at: now)?.keyID == "key-0")
        #expect(KeyPlan(for: document, at: now).clockIsBehind)
        // Schedule the next key as `signet keys rotate` does. The next key then signs one day from now, because the
        // lead (the time for which a new key is published before it signs) is one day.
        let next = try #require(document.nextKeys(at: now).first)
        document.schedule(next.keyID, at: document.earliestActivation(of: next, at: now), now: now)
        document.writtenAt = now
        let activation = now + .seconds(Self.day)
        #expect(document.signingKey(at: activation)?.keyID == "key-1")
        #expect(KeyPlan(for: document, at: activation).isEmpty)
        Self.advance(&document, at: activation + .seconds(7200))
        #expect(document.keys.map(\.hasPrivateHalf) == [false, true])
    }

    @Test func `a next key created by a clock far ahead signs when its rotation is due once the clock is corrected`()
        throws
    {
        var document = Self.document()
        let now = Self.start + .seconds(10 * Self.day)
        Self.advance(&document, at: now + .seconds(365 * Self.day))
        let next = try #require(document.nextKeys(at: now).first)
        #expect(try #require(next.activatesAt) > now + .seconds(365 * Self.day))
        // The clock is right again, and an operator runs a command. Every command sets `writtenAt`, the time of the
        // last change, to `now`.
        document.writtenAt = now
        let due = Self.start + .seconds(30 * Self.day)
        #expect(KeyPlan(for: document, at: now).steps == [.schedule(keyID: "key-1", activatesAt: due)])
        Self.advance(&document, at: now)
        #expect(KeyPlan(for: document, at: now).isEmpty)
        #expect(document.keys.first?.retiresAt == due + .seconds(7200))
        #expect(document.signingKey(at: due)?.keyID == "key-1")
        // In a second keyring (`late`), the rotation is overdue by ten days. The next key still signs no earlier than
        // one lead (a day) from now, so that verifiers can fetch it first.
        var late = Self.document()
        let later = Self.start + .seconds(40 * Self.day)
        Self.advance(&late, at: later + .seconds(365 * Self.day))
        late.writtenAt = later
        Self.advance(&late, at: later)
        #expect(late.keys.last?.activatesAt == later + .seconds(Self.day))
        for hour in 1...24 as ClosedRange<Int64> {
            #expect(KeyPlan(for: late, at: later + .seconds(hour * 3600)).isEmpty, "hour \(hour)")
        }
    }

    @Test func `a key that signs early because there is no other one is rescheduled`() {
        var document = Self.document()
        let now = Self.start + .seconds(10 * Self.day)
        // While the clock is a year ahead, `key-1` replaces `key-0`, and the private half of `key-0` is deleted.
        let ahead = now + .seconds(365 * Self.day)
        for hours in [0, 24, 27] as [Int64] { Self.advance(&document, at: ahead + .seconds(hours * 3600)) }
        #expect(document.keys.contains { $0.keyID == "key-0" && $0.hasPrivateHalf } == false)
        document.writtenAt = now
        #expect(document.signingKey(at: now)?.keyID == "key-1")
        Self.advance(&document, at: now)
        #expect(document.keys.last?.activatesAt == now + .seconds(Self.day))
    }

    @Test func `a shorter rotation interval reschedules a next key that is already scheduled`() throws {
        // The lead (the time for which a new key is published before it signs) is ten days.
        var document = Self.document(policy: try KeyPolicyTests.policy(lead: 10 * Self.day))
        Self.advance(&document, at: Self.start + .seconds(20 * Self.day))
        #expect(document.keys.last?.activatesAt == Self.start + .seconds(30 * Self.day))
        let now = Self.start + .seconds(22 * Self.day)
        document.policy = document.policy.adopting(
            try KeyPolicyTests.policy(rotation: 23 * Self.day, lead: Self.day), at: now)
        let due = Self.start + .seconds(23 * Self.day)
        #expect(KeyPlan(for: document, at: now).steps == [.schedule(keyID: "key-1", activatesAt: due)])
        document.policy = document.policy.adopting(
            try KeyPolicyTests.policy(rotation: 7 * Self.day, lead: Self.day), at: now)
        #expect(KeyPlan(for: document, at: now).steps == [.schedule(keyID: "key-1", activatesAt: now + .seconds(2))])
        Self.advance(&document, at: now)
        #expect(KeyPlan(for: document, at: now).isEmpty)
    }

    @Test func `nodes whose clocks differ within the tolerance do not reschedule each other's keys`() throws {
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

    @Test func `a key keeps signing if its successor is revoked`() throws {
        var document = Self.document()
        Self.advance(&document, at: Self.start + .seconds(29 * Self.day))
        #expect(document.keys.first?.retiresAt != nil)
        document.revoke("key-1", at: Self.start + .seconds(29 * Self.day + 60))
        #expect(document.keys.count == 1)
        #expect(document.keys.map(\.retiresAt) == [nil])
        #expect(document.keys.map(\.removedAt) == [nil])
    }

    @Test func `an HMAC key is removed when no session can hold its tokens, and never the current one`() {
        var document = Self.document()
        let now = Self.start + .seconds(1000)
        document.addSecret(id: 2, fingerprint: [2], activatesAt: now + .seconds(120), at: now)
        #expect(document.currentSecret(at: now + .seconds(119))?.id == 1)
        #expect(document.currentSecret(at: now + .seconds(120))?.id == 2)
        let end = now + .seconds(120 + 7200 + 90 * Self.day + 3600)
        #expect(document.refreshSecrets.map(\.removedAt) == [end, nil])
        #expect(!KeyPlan(for: document, at: end - .seconds(1)).steps.contains(.removeSecret(id: 1)))
        #expect(KeyPlan(for: document, at: end).steps.contains(.removeSecret(id: 1)))
    }

    @Test func `the published max-age is never longer than the time until a key published now signs`() throws {
        #expect(Self.document().publicationMaxAge == .seconds(300))
        var document = Self.document()
        // `KeyPolicy` would refuse these values: a key signs 160 s after its publication (`lead`), but verifiers may
        // cache an older key set for 300 s (`maxAge`). The key set must then be published with a `max-age` below 160 s.
        document.policy = EffectiveKeyPolicy(
            rotationInterval: nil, lead: .seconds(160), maxAge: PromisedDuration(.seconds(300)),
            accessTokens: document.policy.accessTokens, sessions: document.policy.sessions)
        #expect(document.publicationMaxAge == .seconds(160 - 2 - 40))
        #expect(document.policy.earliestActivation(ofPublishedAt: Self.start) >= Self.start + .seconds(300))
    }
}
