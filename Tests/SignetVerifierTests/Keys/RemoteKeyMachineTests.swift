import JOSE
import SignetTesting
import Testing

@testable import SignetVerifier

@Suite("Remote keys over time")
struct RemoteKeyMachineTests {
    private let keys: KeySet
    private let keyID: String

    init() throws {
        let issuer = try Sample.issuer.get()
        keys = try KeySet(jwks: issuer.jwks)
        keyID = issuer.keyID
    }

    /// A machine whose first fetch has just succeeded.
    private func fetched(
        lifetime: Duration = .seconds(600), configuration: RemoteKeyConfiguration = .init(), entityTag: String? = nil
    ) -> MachineHarness {
        var harness = MachineHarness(configuration: configuration)
        _ = harness.ask()
        harness.answer(.keys(keys, lifetime: lifetime, entityTag: entityTag))
        return harness
    }

    @Test func `nothing is fetched before somebody asks, and all who ask share the one fetch`() {
        var harness = MachineHarness()
        #expect(harness.atHand() == nil)
        #expect(harness.fetches.isEmpty)
        for _ in 0..<100 { #expect(harness.ask().isWaiting) }
        #expect(harness.fetches.count == 1)
        harness.answer(.keys(keys))
        #expect(harness.afterwards().served != nil)
        #expect(harness.atHand() != nil)
        #expect(harness.fetches.count == 1)
    }

    @Test func `a first fetch that fails is 503, and may be tried again after 1 s, then 2 s, 4 s, at most 30 s`() throws
    {
        var harness = MachineHarness()
        for pause in [1, 2, 4, 8, 16, 30, 30] {
            #expect(harness.ask().isWaiting)
            harness.answer(.failed(reason: "down"))
            let error = try #require(harness.afterwards().refusal)
            #expect(error.code == .keysUnavailable)
            #expect(error.challenge.retryAfter == pause)
            harness.advance(.seconds(pause) - .milliseconds(1))
            #expect(harness.ask().refusal?.code == .keysUnavailable)
            harness.advance(.milliseconds(1))
        }
        #expect(harness.fetches.count == 7)
        #expect(harness.ask().isWaiting)
        harness.answer(.keys(keys))
        #expect(harness.atHand() != nil)
    }

    @Test func `at 80 % of the lifetime one refresh starts in the background while the keys still serve`() {
        var harness = fetched(lifetime: .seconds(100))
        harness.advance(.milliseconds(79_999))
        #expect(harness.atHand() != nil)
        #expect(harness.fetches.count == 1)
        harness.advance(.milliseconds(1))
        for _ in 0..<10 { #expect(harness.atHand() != nil) }
        #expect(harness.fetches.count == 2)
        harness.answer(.keys(keys, lifetime: .seconds(100)))
        harness.advance(.seconds(79))
        #expect(harness.atHand() != nil)
        #expect(harness.fetches.count == 2)
    }

    @Test func `after an idle time beyond the lifetime the keys are fetched before they serve again`() {
        var harness = fetched(lifetime: .seconds(100))
        harness.advance(.seconds(100))
        #expect(harness.atHand() == nil)
        #expect(harness.ask().isWaiting)
        harness.answer(.keys(keys))
        #expect(harness.atHand() != nil)
    }

    @Test
    func `an outage evicts nothing: the keys serve for an hour more, with an attempt every 30 s, and then no longer`()
        throws
    {
        var harness = fetched(lifetime: .seconds(600))
        harness.advance(.seconds(480))
        var served = 0
        while harness.elapsed < .seconds(600 + 3600) {
            #expect(harness.atHand() != nil)
            served += 1
            harness.answer(.failed(reason: "down"))
            harness.advance(.seconds(1))
        }
        #expect(served == 3720)
        #expect(harness.fetches.count == 1 + 3720 / 30)
        #expect(harness.atHand() == nil)
        #expect(harness.ask().isWaiting)
        harness.answer(.failed(reason: "down"))
        let error = try #require(harness.afterwards().refusal)
        #expect(error.code == .keysUnavailable)
        #expect(error.challenge.retryAfter == 30)
        harness.advance(.seconds(30))
        #expect(harness.ask().isWaiting)
        harness.answer(.keys(keys))
        #expect(harness.atHand() != nil)
    }

    @Test func `a failure of long ago does not let expired keys serve: the first caller waits for an attempt`() {
        var harness = fetched(lifetime: .seconds(600))
        harness.advance(.seconds(100))
        #expect(harness.ask(for: "forged").isWaiting)
        harness.answer(.failed(reason: "down for a moment"))
        #expect(harness.atHand() != nil)
        harness.advance(.seconds(3000))
        #expect(harness.atHand() == nil)
        #expect(harness.ask().isWaiting)
        harness.answer(.failed(reason: "down"))
        #expect(harness.afterwards().served != nil)
        #expect(harness.atHand() != nil)
    }

    @Test func `in an outage nobody waits for a slow endpoint once it is known to be down`() {
        var harness = fetched(lifetime: .seconds(100))
        harness.advance(.seconds(100))
        #expect(harness.ask().isWaiting)
        harness.advance(.seconds(5))
        harness.answer(.failed(reason: "no answer in time"))
        #expect(harness.afterwards().served != nil)
        harness.advance(.seconds(25))
        // The attempt that starts now takes its five seconds; the keys serve meanwhile.
        #expect(harness.atHand() != nil)
        #expect(harness.underWay != nil)
        harness.advance(.seconds(4))
        #expect(harness.atHand() != nil)
    }

    @Test func `a 304 renews the keys with the tag that was sent`() {
        var harness = fetched(lifetime: .seconds(100), entityTag: "\"v1\"")
        harness.advance(.seconds(90))
        #expect(harness.atHand() != nil)
        #expect(harness.fetches.last?.document == .keys(url: "https://a.test/keys", entityTag: "\"v1\""))
        harness.answer(.notModified(lifetime: .seconds(100)))
        harness.advance(.seconds(79))
        #expect(harness.atHand() != nil)
        #expect(harness.fetches.count == 2)
    }

    @Test func `a 304 to a question without a tag is a failure`() {
        var harness = MachineHarness()
        _ = harness.ask()
        harness.answer(.notModified(lifetime: .seconds(100)))
        #expect(harness.afterwards().refusal?.code == .keysUnavailable)
    }

    @Test func `10 000 forged kids cause at most one fetch per cooldown, and are unknown keys meanwhile`() {
        var harness = fetched(lifetime: .seconds(86_400))
        for number in 0..<10_000 {
            harness.advance(.milliseconds(30))
            let answer = harness.ask(for: "forged-\(number)")
            #expect(answer.isWaiting || answer.served != nil)
            harness.answer(.keys(keys, lifetime: .seconds(86_400)))
        }
        #expect(harness.elapsed == .seconds(300))
        #expect(harness.fetches.count == 1 + 10)
        #expect(harness.ask(for: keyID).served != nil)
    }

    @Test func `10 000 forged kids cause at most one fetch per cooldown while the endpoint is down`() {
        var harness = fetched(lifetime: .seconds(86_400))
        for number in 0..<10_000 {
            harness.advance(.milliseconds(30))
            let answer = harness.ask(for: "forged-\(number)")
            harness.answer(.failed(reason: "down"))
            #expect(answer.isWaiting || answer.refusal?.code == .keysUnavailable || answer.served != nil)
            #expect(harness.atHand() != nil)
        }
        #expect(harness.fetches.count == 1 + 10)
    }

    @Test func `the cooldown counts from the last attempt, be it for time or for a kid, good or failed`() {
        var harness = fetched(lifetime: .seconds(100))
        harness.advance(.seconds(80))
        _ = harness.atHand()
        harness.answer(.keys(keys, lifetime: .seconds(100)))
        #expect(harness.fetches.count == 2)
        harness.advance(.milliseconds(29_999))
        #expect(harness.ask(for: "new").served != nil)
        #expect(harness.fetches.count == 2)
        harness.advance(.milliseconds(1))
        #expect(harness.ask(for: "new").isWaiting)
        #expect(harness.fetches.count == 3)
    }

    @Test func `a new key is found through its unknown kid`() throws {
        let issuer = try TestIssuer()
        var harness = fetched()
        harness.advance(.seconds(31))
        let newID = try issuer.rotateKey()
        #expect(harness.ask(for: newID).isWaiting)
        harness.answer(.keys(try KeySet(jwks: issuer.jwks)))
        #expect(harness.afterwards(for: newID).served?.contains(newID) == true)
        #expect(harness.atHand()?.contains(newID) == true)
        #expect(harness.ask(for: newID).served != nil)
        #expect(harness.fetches.count == 2)
    }

    @Test func `a withdrawn key is gone with the next document`() throws {
        let issuer = try TestIssuer()
        let oldID = issuer.keyID
        var harness = MachineHarness()
        _ = harness.ask()
        harness.answer(.keys(try KeySet(jwks: issuer.jwks)))
        try issuer.rotateKey()
        issuer.withdrawKey(oldID)
        harness.advance(.seconds(500))
        #expect(harness.atHand()?.contains(oldID) == true)
        harness.answer(.keys(try KeySet(jwks: issuer.jwks)))
        #expect(harness.atHand()?.contains(oldID) == false)
    }

    @Test func `an unknown kid is 503 while the last attempt failed, and 401 once one succeeded`() {
        var harness = fetched()
        harness.advance(.seconds(31))
        #expect(harness.ask(for: "new").isWaiting)
        harness.answer(.failed(reason: "down"))
        #expect(harness.afterwards(for: "new").refusal?.code == .keysUnavailable)
        #expect(harness.afterwards(for: keyID).served != nil)
        harness.advance(.seconds(30))
        #expect(harness.ask(for: "new").isWaiting)
        harness.answer(.keys(keys))
        // Served without the key: the verifier says unknownKey.
        #expect(harness.afterwards(for: "new").served?.contains("new") == false)
    }

    @Test func `discovery asks the metadata first, and once for as long as it may be used`() {
        var harness = MachineHarness(discovery: true)
        #expect(harness.ask().isWaiting)
        #expect(
            harness.underWay?.document == .metadata(url: "https://a.test/.well-known/oauth-authorization-server"))
        harness.answer(.metadata(keysURL: "https://a.test/k1", lifetime: .seconds(1000)))
        #expect(harness.underWay?.document == .keys(url: "https://a.test/k1", entityTag: nil))
        harness.answer(.keys(keys, lifetime: .seconds(100)))
        harness.advance(.seconds(90))
        _ = harness.atHand()
        #expect(harness.underWay?.document == .keys(url: "https://a.test/k1", entityTag: nil))
    }

    @Test func `metadata that is down does not cost the keys; keys that moved are found again`() {
        var harness = MachineHarness(discovery: true)
        _ = harness.ask()
        harness.answer(.failed(reason: "down"))
        #expect(harness.afterwards().refusal?.code == .keysUnavailable)
        harness.advance(.seconds(1))
        _ = harness.ask()
        harness.answer(.metadata(keysURL: "https://a.test/k1", lifetime: .seconds(50)))
        harness.answer(.keys(keys, lifetime: .seconds(100), entityTag: "\"v1\""))
        harness.advance(.seconds(80))
        #expect(harness.atHand() != nil)
        harness.answer(.failed(reason: "metadata is down"))
        #expect(harness.underWay?.document == .keys(url: "https://a.test/k1", entityTag: "\"v1\""))
        harness.answer(.failed(reason: "keys are gone"))
        harness.advance(.seconds(30))
        #expect(harness.atHand() != nil)
        harness.answer(.metadata(keysURL: "https://a.test/k2", lifetime: .seconds(50)))
        // The tag belongs to the former place.
        #expect(harness.underWay?.document == .keys(url: "https://a.test/k2", entityTag: nil))
        harness.answer(.keys(keys))
        #expect(harness.afterwards().served != nil)
    }

    @Test
    func `the last known place of the keys serves while the metadata is down, for the outage window and no longer`() {
        var harness = MachineHarness(discovery: true)
        _ = harness.ask()
        harness.answer(.metadata(keysURL: "https://a.test/k1", lifetime: .seconds(600)))
        harness.answer(.keys(keys, lifetime: .seconds(600)))
        var lastFetchOfKeys = Duration.zero
        while harness.elapsed < .seconds(20_000) {
            harness.advance(.seconds(10))
            if harness.atHand() == nil { _ = harness.ask() }
            if case .metadata? = harness.underWay?.document { harness.answer(.failed(reason: "down")) }
            if case .keys? = harness.underWay?.document {
                lastFetchOfKeys = harness.elapsed
                harness.answer(.keys(keys, lifetime: .seconds(600)))
            }
        }
        #expect(lastFetchOfKeys > .seconds(3600))
        #expect(lastFetchOfKeys < .seconds(600 + 3600))
        #expect(harness.atHand() == nil)
        _ = harness.ask()
        harness.answer(.failed(reason: "down"))
        #expect(harness.underWay == nil)
        #expect(harness.afterwards().refusal?.code == .keysUnavailable)
    }

    @Test func `metadata that contradicts takes the last known place away at once; the keys serve as in an outage`() {
        var harness = MachineHarness(discovery: true)
        _ = harness.ask()
        harness.answer(.metadata(keysURL: "https://a.test/k1", lifetime: .seconds(50)))
        harness.answer(.keys(keys, lifetime: .seconds(100)))
        harness.advance(.seconds(80))
        #expect(harness.atHand() != nil)
        harness.answer(.contradicted(reason: "another issuer"))
        #expect(harness.underWay == nil)
        harness.advance(.seconds(30))
        #expect(harness.atHand() != nil)
        harness.answer(.failed(reason: "down"))
        // Also when the metadata is merely down after that.
        #expect(harness.underWay == nil)
        #expect(harness.fetches.count == 4)
    }

    @Test func `a set without usable keys withdraws all: 503 at once, and tried again as after a first failure`() {
        var harness = fetched(lifetime: .seconds(100), entityTag: "\"v1\"")
        harness.advance(.seconds(80))
        #expect(harness.atHand() != nil)
        harness.answer(.withdrawn(reason: "no usable key"))
        #expect(harness.atHand() == nil)
        #expect(harness.ask(for: keyID).refusal?.code == .keysUnavailable)
        harness.advance(.seconds(1))
        #expect(harness.ask(for: keyID).isWaiting)
        #expect(harness.underWay?.document == .keys(url: "https://a.test/keys", entityTag: nil))
        harness.answer(.keys(keys))
        #expect(harness.afterwards(for: keyID).served != nil)
    }

    @Test
    func
        `a token without kid that no key signed causes a fetch as an unknown kid does: once per cooldown, and 503 in an outage`()
        throws
    {
        let issuer = try TestIssuer()
        var harness = fetched()
        let tried = RemoteKeyMachine.Need.keysOtherThan(serialNumber: keys.serialNumber)
        for _ in 0..<1000 { #expect(harness.ask(tried).served != nil) }
        #expect(harness.fetches.count == 1)
        harness.advance(.seconds(30))
        for _ in 0..<1000 { #expect(harness.ask(tried).isWaiting) }
        #expect(harness.fetches.count == 2)
        harness.answer(.failed(reason: "down"))
        #expect(harness.afterwards(tried).refusal?.code == .keysUnavailable)
        #expect(harness.afterwards().served != nil)
        harness.advance(.seconds(30))
        #expect(harness.ask(tried).isWaiting)
        harness.answer(.keys(try KeySet(jwks: issuer.jwks)))
        #expect(harness.afterwards(tried).served?.contains(issuer.keyID) == true)
        // Whoever asks with the former keys in hand gets the new ones without a fetch.
        harness.advance(.seconds(30))
        #expect(harness.ask(tried).served != nil)
        #expect(harness.fetches.count == 3)
    }
}
