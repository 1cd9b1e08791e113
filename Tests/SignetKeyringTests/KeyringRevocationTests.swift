import SignetStore
import TestSupport
import Testing

@testable import SignetKeyring

/// Tests of which key signs after a revocation.
@Suite struct KeyringRevocationTests {
    static let start = KeyringLifeTests.start

    static func at(_ days: Int64, _ seconds: Int64 = 0) -> Timestamp { KeyringLifeTests.at(days, seconds) }

    /// A keyring in which the key `signing` has just replaced the key `replaced`.
    static func replacement() throws -> (
        directory: TemporaryDirectory, keyring: Keyring, node: Keyring, replaced: String, signing: String
    ) {
        let (directory, keyring, node) = try KeyringLifeTests.pair()
        let replaced = try #require(keyring.signingKeyID(at: start))
        let signing = try #require(try keyring.rotate(immediately: true, at: at(1)).first?.keyID)
        #expect(keyring.signingKeyID(at: at(1)) == signing)
        return (directory, keyring, node, replaced, signing)
    }

    @Test func `a replaced key does not sign again when its successor is revoked`() throws {
        let (directory, keyring, node, replaced, signing) = try Self.replacement()
        let before = try #require(keyring.listing(at: Self.at(1)).first)
        #expect(before.keyID == replaced && before.removedAt != nil)
        let changes = try keyring.revoke(signing, at: Self.at(1, 60))
        let new = try #require(keyring.signingKeyID(at: Self.at(1, 60)))
        #expect(![replaced, signing].contains(new))
        #expect(
            changes == [
                .revoked(keyID: signing), .retired(keyID: replaced), .generated(keyID: new),
                .scheduled(keyID: new, activatesAt: Self.at(1, 60)),
            ])
        // `replaced` loses its private half, but its public key stays published for as long as was planned before the
        // revocation.
        let after = try #require(keyring.listing(at: Self.at(1, 60)).first)
        #expect(after.keyID == replaced && after.state == .retired)
        #expect(after.removedAt == before.removedAt)
        #expect(keyring.publishedKeys(at: Self.at(1, 60)).keyIDs == [replaced, new])
        #expect(KeyringLifeTests.pems(directory) == ["\(new).pem"])
        // The clock of `node` is an hour behind and shows a time at which `replaced` was active. `node` must not sign
        // with `replaced`, because the revocation of `signing` also retired `replaced`.
        try node.followChanges(at: Self.at(1, 60 - 3600))
        #expect(node.signingKeyID(at: Self.at(1, 60 - 3600)) == new)
        #expect(node.signingKey(at: Self.at(1, 60 - 3600))?.keyID == new)
        for seconds in stride(from: Int64(60), through: 86_400, by: 600) {
            _ = try keyring.advance(at: Self.at(1, seconds))
            #expect(keyring.signingKeyID(at: Self.at(1, seconds)) == new)
        }
    }

    @Test func `the next key signs when the signing key is revoked, even if a replaced key is still active`() throws {
        let (directory, keyring, _, replaced, signing) = try Self.replacement()
        let next = try #require(try keyring.generate(at: Self.at(1, 30)).first?.keyID)
        let changes = try keyring.revoke(signing, at: Self.at(1, 60))
        #expect(
            changes == [
                .revoked(keyID: signing), .retired(keyID: replaced),
                .scheduled(keyID: next, activatesAt: Self.at(1, 60)),
            ])
        #expect(keyring.signingKey(at: Self.at(1, 60))?.keyID == next)
        #expect(KeyringLifeTests.pems(directory) == ["\(next).pem"])
        // `isKnown` says whether every verifier must have fetched the key by now. At first, some may still have an
        // older key set.
        #expect(keyring.listing(at: Self.at(1, 60)).last?.isKnown == false)
        #expect(keyring.listing(at: Self.at(2, 30)).last?.isKnown == true)
    }

    @Test func `the signing key goes on when another key is revoked`() throws {
        let (directory, keyring, _, replaced, signing) = try Self.replacement()
        defer { withExtendedLifetime(directory) {} }
        #expect(try keyring.revoke(replaced, at: Self.at(1, 60)) == [.revoked(keyID: replaced)])
        #expect(keyring.signingKeyID(at: Self.at(1, 60)) == signing)
        let next = try #require(try keyring.rotate(immediately: false, at: Self.at(1, 90)).first?.keyID)
        #expect(keyring.listing(at: Self.at(1, 90)).first?.retiresAt != nil)
        #expect(try keyring.revoke(next, at: Self.at(1, 120)) == [.revoked(keyID: next)])
        #expect(keyring.signingKeyID(at: Self.at(1, 120)) == signing)
        #expect(keyring.listing(at: Self.at(1, 120)).first?.retiresAt == nil)
    }

    /// Follows docs/operations/key-emergencies.md after a leak of the directory: revoke all other keys that `signet
    /// keys list` shows, then revoke the signing key.
    @Test func `no key of a leaked directory signs or is published after all have been revoked`() throws {
        let (directory, keyring, _, _, _) = try Self.replacement()
        // Prepare four keys: a retired key, an active key that was just replaced, the signing key, and a next key
        // (published, not signing yet).
        _ = try keyring.advance(at: Self.at(1, 7200))
        _ = try keyring.rotate(immediately: true, at: Self.at(1, 7300))
        _ = try keyring.generate(at: Self.at(1, 7400))
        let now = Self.at(1, 7500)
        let leaked = keyring.listing(at: now)
        #expect(leaked.map(\.state) == [.retired, .active, .active, .next])
        let signing = try #require(leaked.first { $0.isSigning })
        for key in leaked where !key.isSigning { _ = try keyring.revoke(key.keyID, at: now) }
        #expect(keyring.signingKeyID(at: now) == signing.keyID)
        _ = try keyring.revoke(signing.keyID, at: now)
        let new = try #require(keyring.signingKeyID(at: now))
        #expect(!leaked.map(\.keyID).contains(new))
        #expect(keyring.publishedKeys(at: now).keyIDs == [new])
        #expect(KeyringLifeTests.pems(directory) == ["\(new).pem"])
        #expect(Set(keyring.overview.revocations.map(\.keyID)) == Set(leaked.map(\.keyID)))
    }
}
