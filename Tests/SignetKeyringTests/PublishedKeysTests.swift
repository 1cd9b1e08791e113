import JOSE
import RSASigning
import SignetStore
import TestSupport
import Testing

@testable import SignetKeyring

@Suite struct PublishedKeysTests {
    static let start = Timestamp(milliseconds: 1_800_000_000_250)

    @Test func `the body is a JWK set with public members only`() throws {
        let directory = TemporaryDirectory()
        let keyring = try Keyring.open(directory: directory.path, now: Self.start)
        let published = keyring.publishedKeys(at: Self.start)
        let document = try JSONObject(parsing: published.body)
        #expect(document.members.map(\.name) == ["keys"])
        let key = try #require(document["keys"]?.array?.first?.object)
        #expect(Set(key.members.map(\.name)) == ["kty", "use", "alg", "kid", "n", "e"])
        #expect(key["kid"] == .string(try #require(keyring.listing(at: Self.start).first).keyID))
        #expect(published.maxAge == 300)
    }

    @Test func `the entity tag is strong and quoted, and depends on the body alone`() throws {
        let directory = TemporaryDirectory()
        let keyring = try Keyring.open(directory: directory.path, now: Self.start)
        let published = keyring.publishedKeys(at: Self.start)
        let tag = published.entityTag
        #expect(tag.hasPrefix("\""))
        #expect(tag.hasSuffix("\""))
        #expect(tag.utf8.count == 24)
        let other = PublishedKeys(jwks: [], keys: [], maxAge: 300)
        #expect(other.entityTag != tag)
        #expect(PublishedKeys(jwks: [], keys: [], maxAge: 1).entityTag == other.entityTag)
    }

    @Test func `a key is published until exactly its removal time`() throws {
        let first = try RSAKeyPair.make()
        let second = try RSAKeyPair.make()
        let start = Self.start
        let document = KeyringDocument(
            keys: [
                first.record(activatesAt: start, retiresAt: start + .seconds(10), removedAt: start + .seconds(20)),
                second.record(activatesAt: start + .seconds(10)),
            ],
            refreshSecrets: [RefreshSecretRecord(id: 1, fingerprint: [1], createdAt: start)])
        let keyring = Keyring(
            files: KeyringDirectory(path: "/nowhere"), passphrase: nil,
            snapshot: KeyringSnapshot(
                try KeyringOverview(document),
                privateKeys: [first.keyID: first.key, second.keyID: second.key],
                secrets: [1: [UInt8](repeating: 1, count: 32)]))

        #expect(keyring.signingKey(at: start)?.keyID == first.keyID)
        #expect(keyring.signingKey(at: start + .seconds(10))?.keyID == second.keyID)
        let before = keyring.publishedKeys(at: start + .seconds(19))
        let after = keyring.publishedKeys(at: start + .seconds(20))
        #expect(try JSONObject(parsing: before.body)["keys"]?.array?.count == 2)
        #expect(try JSONObject(parsing: after.body)["keys"]?.array?.count == 1)
        #expect(before.entityTag != after.entityTag)
        #expect(keyring.publishedKeys(at: start).keyIDs == [first.keyID, second.keyID])
        #expect(keyring.publishedKeys(at: start + .seconds(20)).keyIDs == [second.keyID])
        // If the clock steps back, the key set of the earlier time is published again, with the same entity tag as
        // before.
        #expect(keyring.publishedKeys(at: start).entityTag == before.entityTag)
        #expect(keyring.listing(at: start + .seconds(20)).map(\.state) == [.gone, .active])
    }
}
