import RSASigning
import SignetStore
import TestSupport
import Testing

@testable import SignetKeyring

/// Tests of keyrings over time: on one node, on two nodes, and with commands.
@Suite struct KeyringLifeTests {
    static let start = Timestamp(seconds: 1_800_000_000)
    static let day: Int64 = 86_400

    static func at(_ days: Int64, _ seconds: Int64 = 0) -> Timestamp { start + .seconds(days * day + seconds) }

    /// Two keyring objects for one directory, which act like two processes.
    static func pair() throws -> (directory: TemporaryDirectory, first: Keyring, second: Keyring) {
        let directory = TemporaryDirectory()
        let first = try Keyring.open(directory: directory.path, now: start)
        return (directory, first, try Keyring.open(directory: directory.path, now: start))
    }

    static func pems(_ directory: TemporaryDirectory) -> [String] {
        directory.files().keys.filter { $0.hasSuffix(".pem") }.sorted()
    }

    @Test func `keys rotate on time, and the private half of a retired key is deleted`() throws {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        let first = try #require(keyring.signingKeyID(at: Self.start))
        #expect(try keyring.advance(at: Self.at(28)).isEmpty)
        let changes = try keyring.advance(at: Self.at(29))
        let second = try #require(changes.first?.keyID)
        #expect(changes == [.generated(keyID: second), .scheduled(keyID: second, activatesAt: Self.at(30))])
        #expect(Self.pems(directory).count == 2)
        #expect(keyring.signingKeyID(at: Self.at(30, -1)) == first)
        #expect(keyring.signingKeyID(at: Self.at(30)) == second)
        #expect(try keyring.advance(at: Self.at(30, 7200)) == [.retired(keyID: first)])
        #expect(Self.pems(directory) == ["\(second).pem"])
        #expect(keyring.publishedKeys(at: Self.at(30, 7200)).keyIDs == [first, second])
        #expect(try keyring.advance(at: Self.at(31)) == [.removed(keyID: first)])
        #expect(keyring.publishedKeys(at: Self.at(31)).keyIDs == [second])
        // On day 59, one day before the next rotation, `advance` makes two changes: it generates a third key and
        // schedules it.
        #expect(try keyring.advance(at: Self.at(59)).count == 2)
        let again = try Keyring.openExisting(directory: directory.path, now: Self.at(59))
        #expect(again.listing(at: Self.at(59)) == keyring.listing(at: Self.at(59)))
    }

    @Test func `the prepared key is used by the next change that needs one, and only once`() throws {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        #expect(keyring.needsKey(at: Self.at(28)) == false)
        #expect(keyring.needsKey(at: Self.at(29)))
        try keyring.prepareKey()
        // A rotation of the HMAC key needs no signing key, so it must not use up the signing key that `prepareKey()`
        // made.
        _ = try keyring.rotateRefreshSecret(at: Self.at(28))
        // `advance` publishes the key that `prepareKey()` made, and schedules it to sign a day later, so that verifiers
        // can fetch the key first.
        let changes = try keyring.advance(at: Self.at(29, 3))
        let keyID = try #require(changes.first?.keyID)
        #expect(changes.last == .scheduled(keyID: keyID, activatesAt: Self.at(30, 3)))
        #expect(keyring.needsKey(at: Self.at(29, 4)) == false)
        let next = try #require(try keyring.advance(at: Self.at(60)).first { $0.keyID != keyID }?.keyID)
        #expect(next != keyID)
    }

    @Test func `a refused rotation does not correct the time of a clock that was ahead, a new HMAC key does`() throws {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        let now = Self.at(1, 60)
        _ = try keyring.rotate(immediately: false, at: Self.at(1))
        _ = try keyring.rotateRefreshSecret(at: Self.at(100))
        #expect(keyring.clockIsBehind(at: now))
        #expect(throws: KeyringError(.refused, "")) { try keyring.rotate(immediately: false, at: now) }
        #expect(keyring.clockIsBehind(at: now))
        _ = try keyring.rotateRefreshSecret(at: now)
        #expect(!keyring.clockIsBehind(at: now))
    }

    @Test func `another node loads a change without a restart and does not repeat it`() throws {
        let (directory, first, second) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        #expect(try second.followChanges(at: Self.start) == false)
        _ = try first.advance(at: Self.at(29))
        // The keyring `second` has not loaded the change that `first` has just made. `second.advance` must read
        // `keyring.json` again, find the key that `first` generated, and generate no other key.
        #expect(try second.advance(at: Self.at(29)).isEmpty)
        #expect(second.listing(at: Self.at(29)) == first.listing(at: Self.at(29)))
        _ = try second.advance(at: Self.at(30, 7200))
        #expect(try first.followChanges(at: Self.at(30, 7200)))
        #expect(try first.followChanges(at: Self.at(30, 7200)) == false)
        #expect(first.listing(at: Self.at(30)) == second.listing(at: Self.at(30)))
    }

    /// The memory address of the JSON text of `keys`. A different address shows that the JSON was rendered again, even
    /// if the bytes are equal.
    private static func place(_ keys: PublishedKeys) -> Int {
        unsafe keys.body.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
    }

    @Test func `the body of the published keys is rendered once per change`()
        throws
    {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        let before = keyring.publishedKeys(at: Self.start)
        #expect(Self.place(keyring.publishedKeys(at: Self.at(1))) == Self.place(before))
        #expect(try keyring.followChanges(at: Self.at(1)) == false)
        #expect(Self.place(keyring.publishedKeys(at: Self.at(1))) == Self.place(before))
        _ = try keyring.advance(at: Self.at(29))
        let both = keyring.publishedKeys(at: Self.at(29))
        #expect(both.entityTag != before.entityTag)
        #expect(both.maxAge == 300)
        // On day 30 the second key starts to sign, and 7200 s later the first key retires. Both keys stay published at
        // all these times, so the JSON of the published keys must not be rendered again.
        for time in [Self.at(29), Self.at(30, -1), Self.at(30), Self.at(30, 7199), Self.at(30, 7200)] {
            #expect(Self.place(keyring.publishedKeys(at: time)) == Self.place(both))
        }
        let after = keyring.publishedKeys(at: Self.at(31))
        #expect(after.entityTag != both.entityTag)
        #expect(Self.place(keyring.publishedKeys(at: Self.at(32))) == Self.place(after))
    }

    @Test func `a rotation gives a new key its lead, and schedules a key that was published earlier for sooner`() throws
    {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        let made = try keyring.generate(at: Self.at(1))
        let next = try #require(made.first?.keyID)
        #expect(made == [.generated(keyID: next)])
        #expect(keyring.listing(at: Self.at(1)).last?.nextAt == Self.at(30))
        #expect(throws: KeyringError(.refused, "")) { try keyring.generate(at: Self.at(1)) }
        #expect(
            try keyring.rotate(immediately: false, at: Self.at(1, 3600)) == [
                .scheduled(keyID: next, activatesAt: Self.at(2))
            ])
        // A second rotation is refused, because the next key is already scheduled for day 2. This is the earliest time
        // at which every verifier has the key.
        #expect(throws: KeyringError(.refused, "")) { try keyring.rotate(immediately: false, at: Self.at(1, 7200)) }
        #expect(keyring.signingKeyID(at: Self.at(2)) == next)

        let (directoryOfOther, other, _) = try Self.pair()
        defer { withExtendedLifetime(directoryOfOther) {} }
        let waiting = try #require(try other.generate(at: Self.at(1)).first?.keyID)
        #expect(
            try other.rotate(immediately: false, at: Self.at(5)) == [
                .scheduled(keyID: waiting, activatesAt: Self.at(5, 2))
            ])
        let (directoryOfThird, third, _) = try Self.pair()
        defer { withExtendedLifetime(directoryOfThird) {} }
        #expect(
            try third.rotate(immediately: false, at: Self.at(1)).last
                == .scheduled(
                    keyID: try #require(third.listing(at: Self.at(1)).last).keyID, activatesAt: Self.at(2)))
    }

    @Test func `an immediate rotation signs at once, and the overview tells when it would have been harmless`() throws {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        #expect(keyring.overview.harmlessActivation(at: Self.at(1)) == Self.at(2))
        let old = try #require(keyring.signingKeyID(at: Self.at(1)))
        let new = try #require(try keyring.rotate(immediately: true, at: Self.at(1)).first?.keyID)
        #expect(keyring.signingKeyID(at: Self.at(1)) == new)
        #expect(keyring.publishedKeys(at: Self.at(1)).keyIDs == [old, new])
        let waiting = try #require(try keyring.generate(at: Self.at(2)).first?.keyID)
        #expect(keyring.overview.harmlessActivation(at: Self.at(3)) == nil)
        #expect(
            try keyring.rotate(immediately: true, at: Self.at(3)) == [
                .scheduled(keyID: waiting, activatesAt: Self.at(3))
            ])
    }

    @Test func `the later of two keys that are activated in the same second signs a second later`() throws {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        let old = keyring.signingKeyID(at: Self.start)
        let new = try #require(try keyring.rotate(immediately: true, at: Self.start).first?.keyID)
        #expect(keyring.signingKeyID(at: Self.start) == old)
        #expect(keyring.signingKeyID(at: Self.at(0, 1)) == new)
    }

    @Test func `a revoked key is removed at once, cannot return, and another key signs`() throws {
        let (directory, keyring, node) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        let old = try #require(keyring.signingKeyID(at: Self.at(1)))
        let pem = try #require(directory.files()["\(old).pem"])
        let changes = try keyring.revoke(old, at: Self.at(1))
        let new = try #require(keyring.signingKeyID(at: Self.at(1)))
        #expect(new != old)
        #expect(changes.contains(.revoked(keyID: old)))
        #expect(keyring.publishedKeys(at: Self.at(1)).keyIDs == [new])
        #expect(Self.pems(directory) == ["\(new).pem"])
        #expect(keyring.overview.revocations.map(\.keyID) == [old])
        try node.followChanges(at: Self.at(1))
        #expect(node.signingKeyID(at: Self.at(1)) == new)
        for keyID in [old, "none"] {
            #expect(throws: KeyringError(.refused, "")) { try keyring.revoke(keyID, at: Self.at(1)) }
        }
        #expect(throws: KeyringError(.refused, "")) {
            try keyring.importKey(pem: String(decoding: pem, as: UTF8.self), keyPassphrase: nil, at: Self.at(1))
        }
    }

    @Test func `the next key, which verifiers have, succeeds a revoked key`() throws {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        let old = try #require(keyring.signingKeyID(at: Self.at(1)))
        let next = try #require(try keyring.generate(at: Self.at(1)).first?.keyID)
        _ = try keyring.revoke(old, at: Self.at(3))
        #expect(keyring.signingKeyID(at: Self.at(3)) == next)
        #expect(keyring.listing(at: Self.at(3)).map(\.keyID) == [next])
    }

    @Test func `an imported key is published and signs after a rotation`() throws {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        let pair = try RSAKeyPair.make()
        let passphrase = Array("of the file".utf8)
        let encrypted = try pair.key.pem(passphrase: passphrase)
        #expect(throws: KeyringError(.refused, "")) {
            try keyring.importKey(pem: encrypted, keyPassphrase: nil, at: Self.at(1))
        }
        #expect(
            try keyring.importKey(pem: encrypted, keyPassphrase: passphrase, at: Self.at(1)) == [
                .imported(keyID: pair.keyID)
            ])
        #expect(keyring.publishedKeys(at: Self.at(1)).keyIDs.contains(pair.keyID))
        _ = try keyring.rotate(immediately: true, at: Self.at(1, 60))
        #expect(keyring.signingKeyID(at: Self.at(1, 60)) == pair.keyID)
        #expect(throws: KeyringError(.refused, "")) {
            try keyring.importKey(pem: encrypted, keyPassphrase: passphrase, at: Self.at(2))
        }
    }

    @Test(arguments: [
        "", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "-----BEGIN PUBLIC KEY-----\n",
    ])
    func `an import of something else than a private key is refused and changes nothing`(pem: String) throws {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        let before = directory.files()
        #expect(throws: KeyringError(.refused, "")) { try keyring.importKey(pem: pem, keyPassphrase: nil) }
        #expect(directory.files() == before)
    }

    @Test func `the next start deletes files that a crash left behind, and keeps files that are not Signet's`() throws {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        let pair = try RSAKeyPair.make()
        let pem = Array(try pair.key.pem().utf8)
        try directory.write(pem, to: "\(pair.keyID).pem")
        try directory.write(pem, to: "\(pair.keyID).4.pem")
        try directory.write([1], to: "refresh-9.secret")
        for name in ["keyring.json.new", "\(pair.keyID).4.pem.new", "refresh-9.2.secret.new"] {
            try directory.write([1], to: name)
        }
        for name in ["mine.pem", "refresh-me.secret", "notes.txt", "passphrase.new", "mine.pem.new"] {
            try directory.write([1], to: name)
        }
        let keyID = try #require(keyring.signingKeyID(at: Self.start))
        #expect(try keyring.adopt(.standard, at: Self.start).isEmpty)
        #expect(
            Set(directory.files().keys) == [
                ".lock", "keyring.json", "\(keyID).pem", "refresh-1.secret", "mine.pem", "refresh-me.secret",
                "notes.txt",
                "passphrase.new", "mine.pem.new",
            ])
    }

    @Test func `a start stores a changed policy, and a longer token lifetime keeps retired keys published for longer`()
        throws
    {
        let (directory, keyring, node) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        _ = try keyring.rotate(immediately: true, at: Self.at(1))
        let before = try #require(keyring.listing(at: Self.at(1)).first?.removedAt)
        let policy = try KeyPolicyTests.policy(accessTokens: 7200)
        #expect(try keyring.adopt(policy, at: Self.at(1, 60)) == [.policyChanged])
        #expect(try keyring.adopt(policy, at: Self.at(1, 60)).isEmpty)
        let after = try #require(keyring.listing(at: Self.at(1)).first?.removedAt)
        #expect(after == before + .seconds(7200 - 900))
        // Two services share the keyring. `node` starts with a token lifetime of 900 s and stores it in `keyring.json`.
        // `keyring` belongs to a service that still issues tokens for 7200 s, so `keyring.cover` must raise the stored
        // lifetime to 7200 s.
        try node.followChanges(at: Self.at(1, 120))
        #expect(try node.adopt(.standard, at: Self.at(1, 120)) == [.policyChanged])
        try keyring.followChanges(at: Self.at(1, 121))
        #expect(try keyring.cover(policy, at: Self.at(1, 121)) == [.policyChanged])
        #expect(try keyring.cover(policy, at: Self.at(1, 122)).isEmpty)
    }

    @Test func `a damaged keyring json stops changes, and the loaded keys stay in use`() throws {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        let before = keyring.listing(at: Self.at(29))
        try directory.write(Array("garbage".utf8), to: "keyring.json")
        #expect(throws: KeyringError(.corrupt, "")) { try keyring.followChanges(at: Self.at(29)) }
        #expect(throws: KeyringError(.corrupt, "")) { try keyring.advance(at: Self.at(29)) }
        #expect(keyring.listing(at: Self.at(29)) == before)
        #expect(keyring.signingKey(at: Self.at(29)) != nil)
    }
}
