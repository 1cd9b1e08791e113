import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct RotationDecisionTests {
    static let start = WallClock.start
    static let window = Duration.seconds(30)
    static let idle = Duration.seconds(7 * 86_400)
    static let policy = RotationPolicy(
        reuseWindow: window, idleLifetime: idle, secretID: 9, accessTokenLifetime: .seconds(900),
        address: "198.51.100.7")

    /// A family (all refresh tokens of one login) whose last rotation happened at `start`. By default its current token
    /// has generation 5, and its previous token, the parent, has generation 4.
    static func family(
        generation: UInt32 = 5, parent: UInt32? = 4, rotatedAt: Timestamp = start,
        idleExpiresAt: Timestamp = start + idle, expiresAt: Timestamp = start + .seconds(90 * 86_400),
        revokedAt: Timestamp? = nil
    ) -> FamilyRecord {
        FamilyRecord(
            id: FamilyID(high: 1, low: 2), userID: UserID(high: 3, low: 4), clientID: nil, scope: "account",
            salt: [UInt8](repeating: 7, count: 16), authenticatedAt: start, createdAt: start, expiresAt: expiresAt,
            generation: generation, secretID: 1, parent: parent, rotatedAt: rotatedAt, idleExpiresAt: idleExpiresAt,
            revokedAt: revokedAt, revocationReason: revokedAt == nil ? nil : .logout, device: "device",
            createdAddress: "192.0.2.1", lastUsedAddress: "192.0.2.1")
    }

    static func decide(
        _ generation: UInt32, _ family: FamilyRecord = family(), after elapsed: Duration = .seconds(1),
        userIsActive: Bool = true
    ) -> RotationDecision {
        RotationDecision(
            presenting: generation, to: family, userIsActive: userIsActive, at: start + elapsed, policy: policy)
    }

    /// The expected record after a refresh of the family that `family()` returns. `parent` is the generation (rotation
    /// counter) of the refresh token that was sent: 5 for the current token, 4 for the token before it.
    static func successor(parent: UInt32, after elapsed: Duration) -> FamilyRecord {
        var record = family()
        record.generation = 6
        record.parent = parent
        record.secretID = 9
        record.rotatedAt = start + elapsed
        record.idleExpiresAt = start + elapsed + idle
        record.lastUsedAddress = "198.51.100.7"
        return record
    }

    @Test(arguments: [Duration.zero, .milliseconds(1), .seconds(30), .seconds(86_400), idle - .milliseconds(1)])
    func `the current token rotates at any time before the family expires`(elapsed: Duration) {
        #expect(Self.decide(5, after: elapsed) == .rotate(Self.successor(parent: 5, after: elapsed)))
    }

    @Test func `the first token of a family rotates and becomes the parent`() {
        let family = Self.family(generation: 0, parent: nil)
        guard case .rotate(let record) = Self.decide(0, family) else {
            Issue.record("did not rotate")
            return
        }
        #expect(record.generation == 1)
        #expect(record.parent == 0)
    }

    @Test(arguments: [Duration.zero, .milliseconds(1), .seconds(10) - .milliseconds(1)])
    func `the parent is replayed within the reuse window`(elapsed: Duration) {
        #expect(Self.decide(4, after: elapsed) == .replay(nil))
    }

    @Test(arguments: [Duration.seconds(10), .seconds(15), window - .milliseconds(1)])
    func `a late replay restarts the reuse window and keeps the generation`(elapsed: Duration) {
        var family = Self.family()
        family.statusListEntry = StatusListEntry(
            index: StatusListIndex(rawValue: 3), tokensExpireAt: Self.start + .seconds(930))
        var renewed = family
        renewed.rotatedAt = Self.start + elapsed
        renewed.lastUsedAddress = "198.51.100.7"
        renewed.statusListEntry?.tokensExpireAt = Self.start + elapsed + .seconds(930)
        #expect(Self.decide(4, family, after: elapsed) == .replay(renewed))
        let end = elapsed + Self.window
        #expect(Self.decide(4, renewed, after: end - .milliseconds(1)).record?.generation == 5)
        #expect(Self.decide(4, renewed, after: end).record?.generation == 6)
    }

    @Test(arguments: [window, window + .milliseconds(1), .seconds(3600), idle - .milliseconds(1)])
    func `the parent gets a new child after the reuse window`(elapsed: Duration) {
        #expect(Self.decide(4, after: elapsed) == .recover(Self.successor(parent: 4, after: elapsed)))
    }

    @Test func `after a recovery the parent is replayed and the replaced child is reuse`() {
        guard case .recover(let recovered) = Self.decide(4, after: Self.window) else {
            Issue.record("did not recover")
            return
        }
        #expect(Self.decide(4, recovered, after: Self.window + .seconds(1)) == .replay(nil))
        guard case .reuse = Self.decide(5, recovered, after: Self.window + .seconds(1)) else {
            Issue.record("the dead child was accepted")
            return
        }
    }

    @Test(arguments: [UInt32(0), 3, 6, 7, .max])
    func `every other generation is reuse and revokes the family`(generation: UInt32) {
        let revoked = Self.family().revoked(at: Self.start + .seconds(1), because: .reuse)
        #expect(Self.decide(generation) == .reuse(revoked))
    }

    @Test func `a family without a parent treats every other generation as reuse`() {
        let family = Self.family(generation: 0, parent: nil)
        #expect(Self.decide(1, family) == .reuse(family.revoked(at: Self.start + .seconds(1), because: .reuse)))
    }

    @Test(arguments: [UInt32(3), 4, 5])
    func `a revoked family refuses every generation and is not written`(generation: UInt32) {
        let family = Self.family(revokedAt: Self.start)
        #expect(Self.decide(generation, family) == .refused(.revoked))
    }

    @Test(arguments: [UInt32(3), 4, 5], [idle, idle + .seconds(1)])
    func `a family expires at the end of its idle lifetime`(generation: UInt32, elapsed: Duration) {
        #expect(Self.decide(generation, after: elapsed) == .refused(.expired))
    }

    @Test(arguments: [UInt32(3), 4, 5])
    func `a family expires at the end of its absolute lifetime`(generation: UInt32) {
        let family = Self.family(expiresAt: Self.start + .seconds(10))
        #expect(Self.decide(generation, family, after: .seconds(10)) == .refused(.expired))
    }

    @Test func `the idle lifetime never ends after the absolute lifetime`() {
        let family = Self.family(expiresAt: Self.start + .seconds(60))
        guard case .rotate(let record) = Self.decide(5, family) else {
            Issue.record("did not rotate")
            return
        }
        #expect(record.idleExpiresAt == Self.start + .seconds(60))
    }

    @Test(arguments: [UInt32(4), 5])
    func `the token of an inactive user is refused`(generation: UInt32) {
        #expect(Self.decide(generation, userIsActive: false) == .refused(.userNotActive))
    }

    @Test func `reuse revokes the family even if the user is inactive`() {
        guard case .reuse = Self.decide(3, userIsActive: false) else {
            Issue.record("the family would live on when the user is enabled again")
            return
        }
    }

    @Test(arguments: [UInt32(4), 5])
    func `a clock that steps back logs nobody out`(generation: UInt32) {
        let decision = Self.decide(generation, after: .seconds(-3600))
        switch generation {
        case 4: #expect(decision == .replay(nil))
        default: #expect(decision == .rotate(Self.successor(parent: 5, after: .seconds(-3600))))
        }
    }

    @Test func `a clock that steps back does not lengthen the absolute lifetime`() {
        guard case .rotate(let record) = Self.decide(5, after: .seconds(-3600)) else {
            Issue.record("did not rotate")
            return
        }
        #expect(record.expiresAt == Self.family().expiresAt)
    }

    @Test func `a family in the last generation cannot rotate`() {
        let family = Self.family(generation: .max, parent: .max - 1)
        #expect(Self.decide(.max, family) == .refused(.exhausted))
        #expect(Self.decide(.max - 1, family) == .replay(nil))
        #expect(Self.decide(.max - 1, family, after: Self.window) == .refused(.exhausted))
    }

    @Test func `a decision has a record if and only if the family changes`() {
        #expect(Self.decide(5).record?.generation == 6)
        #expect(Self.decide(4, after: Self.window).record?.generation == 6)
        #expect(Self.decide(3).record?.revocationReason == .reuse)
        #expect(Self.decide(4).record == nil)
        #expect(Self.decide(5, after: Self.idle).record == nil)
    }
}
