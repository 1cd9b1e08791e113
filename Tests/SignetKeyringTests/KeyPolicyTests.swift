import SignetStore
import Testing

@testable import SignetKeyring

@Suite struct KeyPolicyTests {
    static func terms(
        rotation: Int64? = 30 * 86_400, lead: Int64 = 86_400, maxAge: Int64 = 300, accessTokens: Int64 = 900
    ) throws(KeyPolicyError) -> KeyPolicy {
        try KeyPolicy(
            rotation: rotation.map { .seconds($0) }, lead: .seconds(lead), maxAge: .seconds(maxAge),
            accessTokenLifetime: .seconds(accessTokens), sessionLifetime: .seconds(90 * 86_400))
    }

    @Test func `the standard keeps the promise, with clocks that are off by an hour`() throws {
        #expect(try Self.terms() == .standard)
        #expect(KeyPolicy.standard.clockTolerance == .seconds(3600))
        #expect(KeyPolicy.standard.shortestLead == .seconds(300 + 2 + 7200))
    }

    @Test(
        arguments: [
            // lead, max-age: three quarters of the lead must hold the max-age and two seconds.
            (4, 1), (600, 448), (86_400, 86_400 - 7202),
        ] as [(Int64, Int64)])
    func `the lead may be as short as the arithmetic says`(lead: Int64, maxAge: Int64) {
        #expect(throws: Never.self) { try Self.terms(lead: lead, maxAge: maxAge) }
        #expect(throws: KeyPolicyError.self) { try Self.terms(lead: lead, maxAge: maxAge + 1) }
    }

    @Test func `a lead that is too short is refused with the arithmetic`() {
        do {
            _ = try Self.terms(lead: 240)
            Issue.record("accepted")
        } catch {
            #expect(error.term == .lead)
            for part in ["4m", "5m", "2s", "30s", "6m2s"] { #expect(error.fault.contains(part), "\(error)") }
        }
    }

    @Test func `a rotation shorter than the lead, or one that makes too many keys, is refused with the arithmetic`() {
        do {
            _ = try Self.terms(rotation: 86_399)
            Issue.record("accepted")
        } catch {
            #expect(error.term == .rotation)
            #expect(error.fault.contains("23h59m59s") && error.fault.contains("1d"), "\(error)")
        }
        do {
            _ = try Self.terms(rotation: 10, lead: 10, maxAge: 1, accessTokens: 900)
            Issue.record("accepted")
        } catch {
            #expect(error.term == .rotation)
            #expect(error.fault.contains("15m") && error.fault.contains("50"), "\(error)")
        }
        #expect(throws: Never.self) { try Self.terms(rotation: nil) }
    }

    @Test func `a refusal comes with terms that are accepted, and raises no more than it must`() throws {
        var refusals = 0
        for rotation in [nil, 1, 10, 3600, 86_400, 30 * 86_400] as [Int64?] {
            for lead in [1, 240, 7200, 86_400, 30 * 86_400] as [Int64] {
                for maxAge in [1, 300, 21_600, 86_400, 30 * 86_400] as [Int64] {
                    do {
                        _ = try Self.terms(rotation: rotation, lead: lead, maxAge: maxAge, accessTokens: 86_400)
                    } catch {
                        refusals += 1
                        let mended = error.mended
                        #expect(mended.lead >= .seconds(lead) && mended.maxAge == .seconds(maxAge))
                        #expect((mended.rotation == nil) == (rotation == nil))
                        #expect(throws: Never.self) {
                            try KeyPolicy(
                                rotation: mended.rotation, lead: mended.lead, maxAge: mended.maxAge,
                                accessTokenLifetime: mended.accessTokenLifetime,
                                sessionLifetime: mended.sessionLifetime)
                        }
                    }
                }
            }
        }
        #expect(refusals > 50)
        #expect(try Self.mended(lead: 240)?.lead == .seconds(420))
        #expect(try Self.mended(lead: 240)?.rotation == .seconds(30 * 86_400))
        #expect(try Self.mended(lead: 86_400, maxAge: 2 * 86_400)?.lead == .seconds(3 * 86_400))
        #expect(try Self.mended(rotation: 43_200)?.rotation == .seconds(86_400))
        #expect(try Self.mended(rotation: 43_200)?.lead == .seconds(86_400))
    }

    private static func mended(
        rotation: Int64 = 30 * 86_400, lead: Int64 = 86_400, maxAge: Int64 = 300
    ) throws -> KeyPolicy? {
        do throws(KeyPolicyError) {
            _ = try terms(rotation: rotation, lead: lead, maxAge: maxAge)
            return nil
        } catch {
            return error.mended
        }
    }

    @Test func `what was made under a longer bound keeps its life`() {
        let now = Timestamp(seconds: 1_000)
        let bound = KeyringBound(.seconds(600)).replaced(by: .seconds(60), at: now)
        #expect(bound.duration == .seconds(60))
        // Until the last node has noticed.
        #expect(bound.earlierUntil == Timestamp(seconds: 1_602))
        #expect(bound.end(ofAllMadeUntil: Timestamp(seconds: 1_100)) == Timestamp(seconds: 1_602))
        #expect(bound.end(ofAllMadeUntil: Timestamp(seconds: 1_600)) == Timestamp(seconds: 1_660))
        // A longer one in between does not shorten it, and once it is over it is forgotten.
        let longer = bound.replaced(by: .seconds(90), at: now)
        #expect(longer.earlierUntil == Timestamp(seconds: 1_602))
        #expect(longer.replaced(by: .seconds(90), at: Timestamp(seconds: 2_000)).earlierUntil == nil)
    }

    @Test func `a service that starts sets the terms, and one that runs only raises what it hands out`() throws {
        let now = Timestamp(seconds: 1_000)
        let long = try Self.terms(maxAge: 600, accessTokens: 3600)
        let short = try Self.terms(lead: 7200, maxAge: 60, accessTokens: 60)
        let adopted = EffectiveKeyPolicy(long).adopting(short, at: now)
        #expect(adopted.current == short)
        // The copies that were handed out for ten minutes are still around.
        #expect(adopted.earliestActivation(ofPublishedAt: now) >= now + .seconds(7200))
        #expect(adopted.removal(ofRetiredAt: now) >= now + .seconds(3600))
        let covered = adopted.covering(long, at: now)
        #expect(covered.lead == .seconds(7200))
        #expect(covered.maxAge.duration == .seconds(600))
        #expect(covered.accessTokens.duration == .seconds(3600))
        #expect(covered.covering(long, at: now) == covered)
    }

    @Test func `a key that is published just after the max age was lowered waits for the old copies`() throws {
        let now = Timestamp(seconds: 1_000_000)
        let before = try Self.terms(lead: 5 * 86_400, maxAge: 4 * 86_400)
        let after = try Self.terms(lead: 600, maxAge: 60)
        let terms = EffectiveKeyPolicy(before).adopting(after, at: now)
        #expect(terms.earliestActivation(ofPublishedAt: now) > now + .seconds(4 * 86_400))
        let later = now + .seconds(5 * 86_400)
        #expect(terms.earliestActivation(ofPublishedAt: later) == later + .seconds(600))
    }
}
