import SignetStore
import TestSupport
import Testing

@testable import SignetKeyring

/// Which key signs after one was revoked, and which never does again.
@Suite struct KeyringRevocationTests {
    static let start = KeyringLifeTests.start

    static func at(_ days: Int64, _ seconds: Int64 = 0) -> Timestamp { KeyringLifeTests.at(days, seconds) }

    /// A keyring in which `replaced` signed until a moment ago, and `signing` does since.
    static func replacement() throws -> (
        directory: TemporaryDirectory, keyring: Keyring, node: Keyring, replaced: String, signing: String
    ) {
        let (directory, keyring, node) = try KeyringLifeTests.pair()
        let replaced = try #require(keyring.signingKeyID(at: start))
        let signing = try #require(try keyring.rotate(immediately: true, at: at(1)).first?.kid)
        #expect(keyring.signingKeyID(at: at(1)) == signing)
        return (directory, keyring, node, replaced, signing)
    }

    @Test func `a key that was replaced does not sign again when the one that replaced it is revoked`() throws {
        let (directory, keyring, node, replaced, signing) = try Self.replacement()
        let before = try #require(keyring.listing(at: Self.at(1)).first)
        #expect(before.kid == replaced && before.removedAt != nil)
        let changes = try keyring.revoke(signing, at: Self.at(1, 60))
        let new = try #require(keyring.signingKeyID(at: Self.at(1, 60)))
        #expect(![replaced, signing].contains(new))
        #expect(
            changes == [
                .revoked(kid: signing), .retired(kid: replaced), .generated(kid: new),
                .scheduled(kid: new, activatesAt: Self.at(1, 60)),
            ])
        // It keeps its retirement: published for as long as it was to be, without a private half.
        let after = try #require(keyring.listing(at: Self.at(1, 60)).first)
        #expect(after.kid == replaced && after.state == .retired)
        #expect(after.removedAt == before.removedAt)
        #expect(keyring.publishedKeys(at: Self.at(1, 60)).keyIDs == [replaced, new])
        #expect(KeyringLifeTests.pems(directory) == ["\(new).pem"])
        // Nor does it on a node whose clock is behind, for which its successor does not sign yet.
        try node.followChanges(at: Self.at(1, 60 - 3600))
        #expect(node.signingKeyID(at: Self.at(1, 60 - 3600)) == new)
        #expect(node.signingKey(at: Self.at(1, 60 - 3600))?.kid == new)
        for seconds in stride(from: Int64(60), through: 86_400, by: 600) {
            _ = try keyring.advance(at: Self.at(1, seconds))
            #expect(keyring.signingKeyID(at: Self.at(1, seconds)) == new)
        }
    }

    @Test func `the next key signs when the signing one is revoked, whatever was replaced a moment before`() throws {
        let (directory, keyring, _, replaced, signing) = try Self.replacement()
        let next = try #require(try keyring.generate(at: Self.at(1, 30)).first?.kid)
        let changes = try keyring.revoke(signing, at: Self.at(1, 60))
        #expect(
            changes == [
                .revoked(kid: signing), .retired(kid: replaced), .scheduled(kid: next, activatesAt: Self.at(1, 60)),
            ])
        #expect(keyring.signingKey(at: Self.at(1, 60))?.kid == next)
        #expect(KeyringLifeTests.pems(directory) == ["\(next).pem"])
        // Whether verifiers knew it before is for the operator to hear.
        #expect(keyring.listing(at: Self.at(1, 60)).last?.isKnown == false)
        #expect(keyring.listing(at: Self.at(2, 30)).last?.isKnown == true)
    }

    @Test func `revoking any other key lets the signing one go on`() throws {
        let (directory, keyring, _, replaced, signing) = try Self.replacement()
        defer { withExtendedLifetime(directory) {} }
        #expect(try keyring.revoke(replaced, at: Self.at(1, 60)) == [.revoked(kid: replaced)])
        #expect(keyring.signingKeyID(at: Self.at(1, 60)) == signing)
        let next = try #require(try keyring.rotate(immediately: false, at: Self.at(1, 90)).first?.kid)
        #expect(keyring.listing(at: Self.at(1, 90)).first?.retiresAt != nil)
        #expect(try keyring.revoke(next, at: Self.at(1, 120)) == [.revoked(kid: next)])
        #expect(keyring.signingKeyID(at: Self.at(1, 120)) == signing)
        #expect(keyring.listing(at: Self.at(1, 120)).first?.retiresAt == nil)
    }

    /// What docs/operations/key-emergencies.md tells who lost the whole directory to somebody: revoke every other key that
    /// `signet keys list` shows, and the one that signs last.
    @Test func `after a leak of the whole directory, nothing that lay in it signs or is published`() throws {
        let (directory, keyring, _, _, _) = try Self.replacement()
        // One that has retired, one that was just replaced, the one that signs, and the next one.
        _ = try keyring.advance(at: Self.at(1, 7200))
        _ = try keyring.rotate(immediately: true, at: Self.at(1, 7300))
        _ = try keyring.generate(at: Self.at(1, 7400))
        let now = Self.at(1, 7500)
        let leaked = keyring.listing(at: now)
        #expect(leaked.map(\.state) == [.retired, .active, .active, .next])
        let signing = try #require(leaked.first { $0.isSigning })
        for key in leaked where !key.isSigning { _ = try keyring.revoke(key.kid, at: now) }
        #expect(keyring.signingKeyID(at: now) == signing.kid)
        _ = try keyring.revoke(signing.kid, at: now)
        let new = try #require(keyring.signingKeyID(at: now))
        #expect(!leaked.map(\.kid).contains(new))
        #expect(keyring.publishedKeys(at: now).keyIDs == [new])
        #expect(KeyringLifeTests.pems(directory) == ["\(new).pem"])
        #expect(Set(keyring.overview.revocations.map(\.kid)) == Set(leaked.map(\.kid)))
    }
}
