import SignetStore
import Testing

@testable import SignetKeyring

@Suite struct KeyPolicyTests {
    static func policy(
        rotation: Int64? = 30 * 86_400, lead: Int64 = 86_400, maxAge: Int64 = 300, accessTokens: Int64 = 900
    ) throws(KeyPolicyError) -> KeyPolicy {
        try KeyPolicy(
            rotationInterval: rotation.map { .seconds($0) }, lead: .seconds(lead), maxAge: .seconds(maxAge),
            accessTokenLifetime: .seconds(accessTokens), sessionLifetime: .seconds(90 * 86_400))
    }

    @Test func `the standard policy is accepted and tolerates clocks that are off by an hour`() throws {
        #expect(try Self.policy() == .standard)
        #expect(KeyPolicy.standard.clockTolerance == .seconds(3600))
        #expect(KeyPolicy.standard.shortestLead == .seconds(300 + 2 + 7200))
    }

    @Test(
        arguments: [
            // Pairs of a lead (how long a key is published before it signs) and the longest `max-age` of the published
            // key set that is accepted with this lead, in seconds. The `max-age` is the lead minus 2 s, minus twice the
            // clock tolerance (an eighth of the lead, at most 3600 s).
            (4, 1), (600, 448), (86_400, 86_400 - 7202),
        ] as [(Int64, Int64)])
    func `the shortest lead that the arithmetic allows is accepted, and one second less is refused`(
        lead: Int64, maxAge: Int64
    ) {
        #expect(throws: Never.self) { try Self.policy(lead: lead, maxAge: maxAge) }
        #expect(throws: KeyPolicyError.self) { try Self.policy(lead: lead, maxAge: maxAge + 1) }
    }

    @Test func `a lead that is too short is refused with the arithmetic`() {
        do {
            _ = try Self.policy(lead: 240)
            Issue.record("accepted")
        } catch {
            #expect(error.member == .lead)
            for part in ["4m", "5m", "2s", "30s", "6m2s"] { #expect(error.fault.contains(part), "\(error)") }
        }
    }

    @Test
    func `a rotation interval that is shorter than the lead or makes too many keys is refused with the arithmetic`() {
        do {
            _ = try Self.policy(rotation: 86_399)
            Issue.record("accepted")
        } catch {
            #expect(error.member == .rotationInterval)
            #expect(error.fault.contains("23h59m59s") && error.fault.contains("1d"), "\(error)")
        }
        do {
            _ = try Self.policy(rotation: 10, lead: 10, maxAge: 1, accessTokens: 900)
            Issue.record("accepted")
        } catch {
            #expect(error.member == .rotationInterval)
            #expect(error.fault.contains("15m") && error.fault.contains("50"), "\(error)")
        }
        #expect(throws: Never.self) { try Self.policy(rotation: nil) }
    }

    @Test func `a refused policy comes with a corrected one that is accepted and raises as little as possible`() throws
    {
        var refusals = 0
        for rotation in [nil, 1, 10, 3600, 86_400, 30 * 86_400] as [Int64?] {
            for lead in [1, 240, 7200, 86_400, 30 * 86_400] as [Int64] {
                for maxAge in [1, 300, 21_600, 86_400, 30 * 86_400] as [Int64] {
                    do {
                        _ = try Self.policy(rotation: rotation, lead: lead, maxAge: maxAge, accessTokens: 86_400)
                    } catch {
                        refusals += 1
                        let corrected = error.corrected
                        #expect(corrected.lead >= .seconds(lead) && corrected.maxAge == .seconds(maxAge))
                        #expect((corrected.rotationInterval == nil) == (rotation == nil))
                        #expect(throws: Never.self) {
                            try KeyPolicy(
                                rotationInterval: corrected.rotationInterval, lead: corrected.lead,
                                maxAge: corrected.maxAge,
                                accessTokenLifetime: corrected.accessTokenLifetime,
                                sessionLifetime: corrected.sessionLifetime)
                        }
                    }
                }
            }
        }
        #expect(refusals > 50)
        #expect(try Self.corrected(lead: 240)?.lead == .seconds(420))
        #expect(try Self.corrected(lead: 240)?.rotationInterval == .seconds(30 * 86_400))
        #expect(try Self.corrected(lead: 86_400, maxAge: 2 * 86_400)?.lead == .seconds(3 * 86_400))
        #expect(try Self.corrected(rotation: 43_200)?.rotationInterval == .seconds(86_400))
        #expect(try Self.corrected(rotation: 43_200)?.lead == .seconds(86_400))
    }

    private static func corrected(
        rotation: Int64 = 30 * 86_400, lead: Int64 = 86_400, maxAge: Int64 = 300
    ) throws -> KeyPolicy? {
        do throws(KeyPolicyError) {
            _ = try policy(rotation: rotation, lead: lead, maxAge: maxAge)
            return nil
        } catch {
            return error.corrected
        }
    }

    @Test func `a token made under a longer duration keeps its lifetime`() {
        let now = Timestamp(seconds: 1_000)
        let bound = PromisedDuration(.seconds(600)).replaced(by: .seconds(60), at: now)
        #expect(bound.duration == .seconds(60))
        // At `now` (1000 s), the lifetime of tokens is reduced from 600 s to 60 s. Nodes may use the old lifetime for
        // two more seconds. The last token with the old lifetime is therefore made at 1002 s and expires at 1602 s.
        #expect(bound.earlierUntil == Timestamp(seconds: 1_602))
        #expect(bound.end(ofAllMadeUntil: Timestamp(seconds: 1_100)) == Timestamp(seconds: 1_602))
        #expect(bound.end(ofAllMadeUntil: Timestamp(seconds: 1_600)) == Timestamp(seconds: 1_660))
        // Tokens with the old lifetime of 600 s may be valid until `earlierUntil`. Another change of the lifetime
        // before that time keeps `earlierUntil`. At 2000 s, all these tokens have expired, so `earlierUntil` becomes
        // `nil`.
        let longer = bound.replaced(by: .seconds(90), at: now)
        #expect(longer.earlierUntil == Timestamp(seconds: 1_602))
        #expect(longer.replaced(by: .seconds(90), at: Timestamp(seconds: 2_000)).earlierUntil == nil)
    }

    @Test func `a starting service sets the policy, and a running one only raises its lifetimes`() throws {
        let now = Timestamp(seconds: 1_000)
        let long = try Self.policy(maxAge: 600, accessTokens: 3600)
        let short = try Self.policy(lead: 7200, maxAge: 60, accessTokens: 60)
        let adopted = EffectiveKeyPolicy(long).adopting(short, at: now)
        #expect(adopted.current == short)
        // A new key must be published for the whole lead of 7200 s before it signs.
        #expect(adopted.earliestActivation(ofPublishedAt: now) >= now + .seconds(7200))
        #expect(adopted.removal(ofRetiredAt: now) >= now + .seconds(3600))
        let covered = adopted.covering(long, at: now)
        #expect(covered.lead == .seconds(7200))
        #expect(covered.maxAge.duration == .seconds(600))
        #expect(covered.accessTokens.duration == .seconds(3600))
        #expect(covered.covering(long, at: now) == covered)
    }

    @Test
    func `a key that is published after the max-age was lowered waits until copies with the old one have expired`()
        throws
    {
        let now = Timestamp(seconds: 1_000_000)
        let before = try Self.policy(lead: 5 * 86_400, maxAge: 4 * 86_400)
        let after = try Self.policy(lead: 600, maxAge: 60)
        let effective = EffectiveKeyPolicy(before).adopting(after, at: now)
        #expect(effective.earliestActivation(ofPublishedAt: now) > now + .seconds(4 * 86_400))
        let later = now + .seconds(5 * 86_400)
        #expect(effective.earliestActivation(ofPublishedAt: later) == later + .seconds(600))
    }
}
