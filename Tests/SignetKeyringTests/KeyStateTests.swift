import SignetStore
import Testing

@testable import SignetKeyring

@Suite struct KeyStateTests {
    static func time(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

    static func key(
        _ keyID: String = "a", activatesAt: Int64 = 100, retiresAt: Int64? = nil, removedAt: Int64? = nil
    ) -> KeyRecord {
        KeyRecord(
            keyID: keyID, modulus: [1], exponent: [1, 0, 1], createdAt: time(0), activatesAt: time(activatesAt),
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
    func `the state follows from the times of the record and the current time`(seconds: Int64, state: KeyState) {
        let key = Self.key(activatesAt: 100, retiresAt: 200, removedAt: 300)
        #expect(key.state(at: Self.time(seconds)) == state)
    }

    @Test func `a key without a retirement time stays active`() {
        #expect(Self.key().state(at: Self.time(4_000_000_000)) == .active)
    }

    @Test func `an emergency removal takes effect in every state`() {
        #expect(Self.key(activatesAt: 100, removedAt: 50).state(at: Self.time(60)) == .gone)
    }

    @Test func `the key that was activated last signs if two are active`() {
        let document = Self.document(Self.key("a", activatesAt: 100), Self.key("b", activatesAt: 200))
        #expect(document.signingKey(at: Self.time(199))?.keyID == "a")
        #expect(document.signingKey(at: Self.time(200))?.keyID == "b")
    }

    @Test func `the first key signs on a clock that is behind its activation, and a retired key never does`() {
        let document = Self.document(Self.key("b", activatesAt: 200), Self.key("a", activatesAt: 100))
        #expect(document.signingKey(at: Self.time(0))?.keyID == "a")
        let retired = Self.document(Self.key("a", retiresAt: 200))
        #expect(retired.signingKey(at: Self.time(200)) == nil)
    }

    @Test func `an unscheduled key is next, and signs if there is no other key`() {
        let waiting = KeyRecord(keyID: "w", modulus: [1], exponent: [1], createdAt: Self.time(0), activatesAt: nil)
        #expect(waiting.state(at: Self.time(4_000_000_000)) == .next)
        #expect(Self.document(Self.key("a"), waiting).signingKey(at: Self.time(500))?.keyID == "a")
        #expect(Self.document(Self.key("a", retiresAt: 400), waiting).signingKey(at: Self.time(500))?.keyID == "w")
    }

    @Test func `a key without its private half never signs at any time`() {
        let document = Self.document(
            KeyRecord(
                keyID: "a", modulus: [1], exponent: [1], createdAt: Self.time(0), activatesAt: Self.time(0),
                retiresAt: Self.time(100), hasPrivateHalf: false), Self.key("b", activatesAt: 90))
        #expect(document.signingKey(at: Self.time(50))?.keyID == "b")
    }

    @Test func `keys are published in all states but gone, and a span ends at the next change`() {
        let document = Self.document(
            Self.key("a", activatesAt: 0, retiresAt: 100, removedAt: 200), Self.key("b", activatesAt: 100),
            Self.key("c", activatesAt: 300))
        #expect(document.publishedKeys(at: Self.time(199)).map(\.keyID) == ["a", "b", "c"])
        #expect(document.publishedKeys(at: Self.time(200)).map(\.keyID) == ["b", "c"])
        #expect(document.span(at: Self.time(199)) == Self.time(100)..<Self.time(200))
        #expect(document.span(at: Self.time(200)) == Self.time(200)..<Self.time(300))
    }
}
