import SignetStore
import Testing

@testable import SignetKeyring

@Suite struct KeyStateTests {
    static func time(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

    static func key(
        _ kid: String = "a", activatesAt: Int64 = 100, retiresAt: Int64? = nil, removedAt: Int64? = nil
    ) -> KeyRecord {
        KeyRecord(
            kid: kid, modulus: [1], exponent: [1, 0, 1], createdAt: time(0), activatesAt: time(activatesAt),
            retiresAt: retiresAt.map(time), removedAt: removedAt.map(time))
    }

    static func document(_ keys: KeyRecord...) -> KeyringDocument {
        KeyringDocument(
            keys: keys, refreshSecrets: [RefreshSecretRecord(id: 1, fingerprint: [1], createdAt: time(0))])
    }

    @Test(arguments: [
        (Int64(-1), KeyState.next), (99, .next), (100, .active), (199, .active), (200, .retired), (299, .retired),
        (300, .gone), (1_000_000, .gone),
    ])
    func `the state follows from the times and the time`(seconds: Int64, state: KeyState) {
        let key = Self.key(activatesAt: 100, retiresAt: 200, removedAt: 300)
        #expect(key.state(at: Self.time(seconds)) == state)
    }

    @Test func `a key without an end stays active`() {
        #expect(Self.key().state(at: Self.time(4_000_000_000)) == .active)
    }

    @Test func `an emergency removal goes before everything`() {
        #expect(Self.key(activatesAt: 100, removedAt: 50).state(at: Self.time(60)) == .gone)
    }

    @Test func `of two active keys the one that became active last signs`() {
        let document = Self.document(Self.key("a", activatesAt: 100), Self.key("b", activatesAt: 200))
        #expect(document.signingKey(at: Self.time(199))?.kid == "a")
        #expect(document.signingKey(at: Self.time(200))?.kid == "b")
    }

    @Test func `a clock behind the first key signs with it, and never with a retired one`() {
        let document = Self.document(Self.key("b", activatesAt: 200), Self.key("a", activatesAt: 100))
        #expect(document.signingKey(at: Self.time(0))?.kid == "a")
        let retired = Self.document(Self.key("a", retiresAt: 200))
        #expect(retired.signingKey(at: Self.time(200)) == nil)
    }

    @Test func `a key of which it is not decided when it signs is next, and signs when there is no other`() {
        let waiting = KeyRecord(kid: "w", modulus: [1], exponent: [1], createdAt: Self.time(0), activatesAt: nil)
        #expect(waiting.state(at: Self.time(4_000_000_000)) == .next)
        #expect(Self.document(Self.key("a"), waiting).signingKey(at: Self.time(500))?.kid == "a")
        #expect(Self.document(Self.key("a", retiresAt: 400), waiting).signingKey(at: Self.time(500))?.kid == "w")
    }

    @Test func `a key whose private half is deleted never signs, whatever the clock says`() {
        let document = Self.document(
            KeyRecord(
                kid: "a", modulus: [1], exponent: [1], createdAt: Self.time(0), activatesAt: Self.time(0),
                retiresAt: Self.time(100), hasPrivateHalf: false), Self.key("b", activatesAt: 90))
        #expect(document.signingKey(at: Self.time(50))?.kid == "b")
    }

    @Test func `keys are published in every state but the last, and the span ends where something changes`() {
        let document = Self.document(
            Self.key("a", activatesAt: 0, retiresAt: 100, removedAt: 200), Self.key("b", activatesAt: 100),
            Self.key("c", activatesAt: 300))
        #expect(document.publishedKeys(at: Self.time(199)).map(\.kid) == ["a", "b", "c"])
        #expect(document.publishedKeys(at: Self.time(200)).map(\.kid) == ["b", "c"])
        #expect(document.span(at: Self.time(199)) == Self.time(100)..<Self.time(200))
        #expect(document.span(at: Self.time(200)) == Self.time(200)..<Self.time(300))
    }
}
