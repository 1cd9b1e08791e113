import JOSE
import SignetTesting
import Testing

@testable import SignetVerifier

@Suite("Remote keys")
struct RemoteKeyMachineTests {
    private let keys: KeySet
    private let keyID: String

    init() throws {
        let issuer = try Sample.issuer.get()
        keys = try KeySet(jwks: issuer.jwks)
        keyID = issuer.keyID
    }

    /// Returns the harness of a key machine whose first fetch has just succeeded.
    private func fetched(
        lifetime: Duration = .seconds(600), configuration: RemoteKeyConfiguration = .init(), entityTag: String? = nil
    ) -> MachineHarness {
        var harness = MachineHarness(configuration: configuration)
        _ = harness.ask()
        harness.answer(.keys(keys, lifetime: lifetime, entityTag: entityTag))
        return harness
    }

    @Test func `are fetched when the first caller asks, with one fetch for all callers`() {
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

    @Test func `are retried after 1 s, 2 s, 4 s, and at most 30 s if the first fetches fail`() throws {
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

    @Test func `are refreshed in the background at 80 % of their lifetime`() {
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

    @Test func `are fetched again before use if they expired while no caller asked`() {
        var harness = fetched(lifetime: .seconds(100))
        harness.advance(.seconds(100))
        #expect(harness.atHand() == nil)
        #expect(harness.ask().isWaiting)
        harness.answer(.keys(keys))
        #expect(harness.atHand() != nil)
    }

    @Test
    func `stay in use for an hour of outage, with an attempt every 30 s`()
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

    @Test func `are not used after they expired if the last failure is old: the first caller waits for an attempt`() {
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

    @Test func `are used without waiting during an outage of a slow endpoint`() {
        var harness = fetched(lifetime: .seconds(100))
        harness.advance(.seconds(100))
        #expect(harness.ask().isWaiting)
        harness.advance(.seconds(5))
        harness.answer(.failed(reason: "no answer in time"))
        #expect(harness.afterwards().served != nil)
        harness.advance(.seconds(25))
        // 25 s after the failure, the next fetch is due. `atHand` starts the fetch and returns the old keys without
        // waiting.
        #expect(harness.atHand() != nil)
        #expect(harness.underWay != nil)
        harness.advance(.seconds(4))
        #expect(harness.atHand() != nil)
    }

    @Test func `get a new lifetime from a 304`() {
        var harness = fetched(lifetime: .seconds(100), entityTag: "\"v1\"")
        harness.advance(.seconds(90))
        #expect(harness.atHand() != nil)
        #expect(harness.fetches.last?.document == .keys(url: "https://a.test/keys", entityTag: "\"v1\""))
        harness.answer(.notModified(lifetime: .seconds(100)))
        harness.advance(.seconds(79))
        #expect(harness.atHand() != nil)
        #expect(harness.fetches.count == 2)
    }

    @Test func `are not available after a 304 to a request without an entity tag`() {
        var harness = MachineHarness()
        _ = harness.ask()
        harness.answer(.notModified(lifetime: .seconds(100)))
        #expect(harness.afterwards().refusal?.code == .keysUnavailable)
    }

    @Test func `are fetched at most once per cooldown for 10 000 forged kids, which count as unknown keys`() {
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

    @Test func `are fetched at most once per cooldown for 10 000 forged kids while the endpoint is down`() {
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

    @Test func `have a cooldown that counts from the last attempt, whatever its reason and result`() {
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

    @Test func `include a new key after a fetch for its unknown kid`() throws {
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

    @Test func `lack a withdrawn key after the next fetch`() throws {
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

    @Test func `give 503 for an unknown kid while the last attempt failed, and 401 after a success`() {
        var harness = fetched()
        harness.advance(.seconds(31))
        #expect(harness.ask(for: "new").isWaiting)
        harness.answer(.failed(reason: "down"))
        #expect(harness.afterwards(for: "new").refusal?.code == .keysUnavailable)
        #expect(harness.afterwards(for: keyID).served != nil)
        harness.advance(.seconds(30))
        #expect(harness.ask(for: "new").isWaiting)
        harness.answer(.keys(keys))
        // The fetch succeeded, and its key set does not contain the key `new`. So the machine returns this key set, and
        // the verifier refuses the token with status 401.
        #expect(harness.afterwards(for: "new").served?.contains("new") == false)
    }

    @Test func `are found through the metadata, which is fetched again only after its lifetime`() {
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

    @Test func `are found through OpenID metadata if there is no other, which is then asked first`() {
        var harness = MachineHarness(discovery: true)
        let (first, second) = (
            "https://a.test/.well-known/oauth-authorization-server", "https://a.test/.well-known/openid-configuration"
        )
        _ = harness.ask()
        harness.answer(.noMetadata(reason: "404"))
        #expect(harness.underWay?.document == .metadata(url: second))
        #expect(harness.ask().isWaiting)
        harness.answer(.metadata(keysURL: "https://a.test/k1", lifetime: .seconds(50)))
        harness.answer(.keys(keys, lifetime: .seconds(100)))
        harness.advance(.seconds(80))
        #expect(harness.atHand() != nil)
        #expect(harness.underWay?.document == .metadata(url: second))
        // The machine asks the OpenID metadata URL (`second`) first, because it answered last time. After a 404 from
        // both metadata URLs, the machine fetches the keys from their last known URL.
        harness.answer(.noMetadata(reason: "404"))
        #expect(harness.underWay?.document == .metadata(url: first))
        harness.answer(.noMetadata(reason: "404"))
        #expect(harness.underWay?.document == .keys(url: "https://a.test/k1", entityTag: nil))
        #expect(harness.fetches.count == 6)
    }

    @Test func `are not looked for at the other place of the metadata if the issuer is unreachable or contradicts`() {
        for result in [
            RemoteKeyMachine.FetchResult.failed(reason: "down"), .contradicted(reason: "another issuer"),
        ] {
            var harness = MachineHarness(discovery: true)
            _ = harness.ask()
            harness.answer(result)
            #expect(harness.underWay == nil)
            #expect(harness.fetches.count == 1)
        }
    }

    @Test func `stay in use while the metadata is down, and are found again after they moved`() {
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
        // The entity tag belongs to the old keys URL. The machine must not send the entity tag to the new URL.
        #expect(harness.underWay?.document == .keys(url: "https://a.test/k2", entityTag: nil))
        harness.answer(.keys(keys))
        #expect(harness.afterwards().served != nil)
    }

    @Test
    func `are fetched from the last known URL while the metadata is down, for the outage window`() {
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

    @Test func `are not fetched from the last known URL after contradicting metadata, but stay in use as in an outage`()
    {
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
        // Metadata that named another issuer made the machine forget the URL of the keys. The metadata fetch has failed
        // now, and the machine must not fetch the keys from the old URL.
        #expect(harness.underWay == nil)
        #expect(harness.fetches.count == 4)
    }

    @Test func `are withdrawn at once by a set without usable keys, and fetched again after 1 s`() {
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

    @Test func `are fetched at most once per cooldown for tokens without kid that no key signed`()
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
        // `tried` asks for any key set except the first one. The machine has a second key set now, so it answers
        // without a fetch.
        harness.advance(.seconds(30))
        #expect(harness.ask(tried).served != nil)
        #expect(harness.fetches.count == 3)
    }
}
