import RSASigning
import SignetStore
import TestSupport
import Testing

@testable import SignetKeyring

/// Keyrings on a disk, over time: one node, two nodes, and what an operator does to them.
@Suite struct KeyringLifeTests {
    static let start = Timestamp(seconds: 1_800_000_000)
    static let day: Int64 = 86_400

    static func at(_ days: Int64, _ seconds: Int64 = 0) -> Timestamp { start + .seconds(days * day + seconds) }

    /// Two objects on one directory, as two processes have them.
    static func pair() throws -> (directory: TemporaryDirectory, first: Keyring, second: Keyring) {
        let directory = TemporaryDirectory()
        let first = try Keyring.open(directory: directory.path, now: start)
        return (directory, first, try Keyring.open(directory: directory.path, now: start))
    }

    static func pems(_ directory: TemporaryDirectory) -> [String] {
        directory.files().keys.filter { $0.hasSuffix(".pem") }.sorted()
    }

    @Test func `keys follow each other by themselves, and the private half of a retired one is deleted`() throws {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        let first = try #require(keyring.signingKeyID(at: Self.start))
        #expect(try keyring.advance(at: Self.at(28)).isEmpty)
        let changes = try keyring.advance(at: Self.at(29))
        let second = try #require(changes.first?.kid)
        #expect(changes == [.generated(kid: second), .scheduled(kid: second, activatesAt: Self.at(30))])
        #expect(Self.pems(directory).count == 2)
        #expect(keyring.signingKeyID(at: Self.at(30, -1)) == first)
        #expect(keyring.signingKeyID(at: Self.at(30)) == second)
        #expect(try keyring.advance(at: Self.at(30, 7200)) == [.retired(kid: first)])
        #expect(Self.pems(directory) == ["\(second).pem"])
        #expect(keyring.publishedKeys(at: Self.at(30, 7200)).keyIDs == [first, second])
        #expect(try keyring.advance(at: Self.at(31)) == [.removed(kid: first)])
        #expect(keyring.publishedKeys(at: Self.at(31)).keyIDs == [second])
        // And the one after it, and what is on the disk opens.
        #expect(try keyring.advance(at: Self.at(59)).count == 2)
        let again = try Keyring.openExisting(directory: directory.path, now: Self.at(59))
        #expect(again.listing(at: Self.at(59)) == keyring.listing(at: Self.at(59)))
    }

    @Test func `a key that was made ahead is the one that is used, once`() throws {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        #expect(keyring.needsKey(at: Self.at(28)) == false)
        #expect(keyring.needsKey(at: Self.at(29)))
        try keyring.prepareKey()
        // A change that needs none leaves it for the next one.
        _ = try keyring.rotateRefreshSecret(at: Self.at(28))
        // The lead counts from the time that is given once the key is there.
        let changes = try keyring.advance(at: Self.at(29, 3))
        let kid = try #require(changes.first?.kid)
        #expect(changes.last == .scheduled(kid: kid, activatesAt: Self.at(30, 3)))
        #expect(keyring.needsKey(at: Self.at(29, 4)) == false)
        let next = try #require(try keyring.advance(at: Self.at(60)).first { $0.kid != kid }?.kid)
        #expect(next != kid)
    }

    @Test func `another node takes over a change without a restart, and does nothing twice`() throws {
        let (directory, first, second) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        #expect(try second.followChanges(at: Self.start) == false)
        _ = try first.advance(at: Self.at(29))
        // It has not noticed yet, and finds under the lock that it is done.
        #expect(try second.advance(at: Self.at(29)).isEmpty)
        #expect(second.listing(at: Self.at(29)) == first.listing(at: Self.at(29)))
        _ = try second.advance(at: Self.at(30, 7200))
        #expect(try first.followChanges(at: Self.at(30, 7200)))
        #expect(try first.followChanges(at: Self.at(30, 7200)) == false)
        #expect(first.listing(at: Self.at(30)) == second.listing(at: Self.at(30)))
    }

    /// Where the body lies: another rendering, though equal, lies elsewhere.
    private static func place(_ keys: PublishedKeys) -> Int {
        unsafe keys.body.withUnsafeBytes { Int(bitPattern: $0.baseAddress) }
    }

    @Test func `the body of the published keys is rendered once per change, and is the same object in between`()
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
        // Another key signs, and another secret is used: nothing of it is published.
        for time in [Self.at(29), Self.at(30, -1), Self.at(30), Self.at(30, 7199), Self.at(30, 7200)] {
            #expect(Self.place(keyring.publishedKeys(at: time)) == Self.place(both))
        }
        let after = keyring.publishedKeys(at: Self.at(31))
        #expect(after.entityTag != both.entityTag)
        #expect(Self.place(keyring.publishedKeys(at: Self.at(32))) == Self.place(after))
    }

    @Test func `rotate gives a next key its lead, and signs sooner with one that was published before`() throws {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        let made = try keyring.generate(at: Self.at(1))
        let next = try #require(made.first?.kid)
        #expect(made == [.generated(kid: next)])
        #expect(keyring.listing(at: Self.at(1)).last?.nextAt == Self.at(30))
        #expect(throws: KeyringError(.refused, "")) { try keyring.generate(at: Self.at(1)) }
        #expect(
            try keyring.rotate(immediately: false, at: Self.at(1, 3600)) == [
                .scheduled(kid: next, activatesAt: Self.at(2))
            ])
        // It cannot be sooner without harm.
        #expect(throws: KeyringError(.refused, "")) { try keyring.rotate(immediately: false, at: Self.at(1, 7200)) }
        #expect(keyring.signingKeyID(at: Self.at(2)) == next)

        let (directoryOfOther, other, _) = try Self.pair()
        defer { withExtendedLifetime(directoryOfOther) {} }
        let waiting = try #require(try other.generate(at: Self.at(1)).first?.kid)
        #expect(
            try other.rotate(immediately: false, at: Self.at(5)) == [
                .scheduled(kid: waiting, activatesAt: Self.at(5, 2))
            ])
        let (directoryOfThird, third, _) = try Self.pair()
        defer { withExtendedLifetime(directoryOfThird) {} }
        #expect(
            try third.rotate(immediately: false, at: Self.at(1)).last
                == .scheduled(
                    kid: try #require(third.listing(at: Self.at(1)).last).kid, activatesAt: Self.at(2)))
    }

    @Test func `rotate now signs at once, and says beforehand whether that harms anybody`() throws {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        #expect(keyring.overview.harmlessActivation(at: Self.at(1)) == Self.at(2))
        let old = try #require(keyring.signingKeyID(at: Self.at(1)))
        let new = try #require(try keyring.rotate(immediately: true, at: Self.at(1)).first?.kid)
        #expect(keyring.signingKeyID(at: Self.at(1)) == new)
        #expect(keyring.publishedKeys(at: Self.at(1)).keyIDs == [old, new])
        let waiting = try #require(try keyring.generate(at: Self.at(2)).first?.kid)
        #expect(keyring.overview.harmlessActivation(at: Self.at(3)) == nil)
        #expect(
            try keyring.rotate(immediately: true, at: Self.at(3)) == [
                .scheduled(kid: waiting, activatesAt: Self.at(3))
            ])
    }

    @Test func `of two keys that are to sign at once, the later one signs, a second later`() throws {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        let old = keyring.signingKeyID(at: Self.start)
        let new = try #require(try keyring.rotate(immediately: true, at: Self.start).first?.kid)
        #expect(keyring.signingKeyID(at: Self.start) == old)
        #expect(keyring.signingKeyID(at: Self.at(0, 1)) == new)
    }

    @Test func `a revoked key is out at once and for good, and another one signs`() throws {
        let (directory, keyring, node) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        let old = try #require(keyring.signingKeyID(at: Self.at(1)))
        let pem = try #require(directory.files()["\(old).pem"])
        let changes = try keyring.revoke(old, at: Self.at(1))
        let new = try #require(keyring.signingKeyID(at: Self.at(1)))
        #expect(new != old)
        #expect(changes.contains(.revoked(kid: old)))
        #expect(keyring.publishedKeys(at: Self.at(1)).keyIDs == [new])
        #expect(Self.pems(directory) == ["\(new).pem"])
        #expect(keyring.overview.revocations.map(\.kid) == [old])
        try node.followChanges(at: Self.at(1))
        #expect(node.signingKeyID(at: Self.at(1)) == new)
        for kid in [old, "none"] {
            #expect(throws: KeyringError(.refused, "")) { try keyring.revoke(kid, at: Self.at(1)) }
        }
        #expect(throws: KeyringError(.refused, "")) {
            try keyring.importKey(pem: String(decoding: pem, as: UTF8.self), keyPassphrase: nil, at: Self.at(1))
        }
    }

    @Test func `the successor of a revoked key is the next one, which verifiers have`() throws {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        let old = try #require(keyring.signingKeyID(at: Self.at(1)))
        let next = try #require(try keyring.generate(at: Self.at(1)).first?.kid)
        _ = try keyring.revoke(old, at: Self.at(3))
        #expect(keyring.signingKeyID(at: Self.at(3)) == next)
        #expect(keyring.listing(at: Self.at(3)).map(\.kid) == [next])
    }

    @Test func `a key from elsewhere is taken, published, and signs when it is told to`() throws {
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
                .imported(kid: pair.kid)
            ])
        #expect(keyring.publishedKeys(at: Self.at(1)).keyIDs.contains(pair.kid))
        _ = try keyring.rotate(immediately: true, at: Self.at(1, 60))
        #expect(keyring.signingKeyID(at: Self.at(1, 60)) == pair.kid)
        #expect(throws: KeyringError(.refused, "")) {
            try keyring.importKey(pem: encrypted, keyPassphrase: passphrase, at: Self.at(2))
        }
    }

    @Test(arguments: [
        "", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", "-----BEGIN PUBLIC KEY-----\n",
    ])
    func `what is no private key is refused and changes nothing`(pem: String) throws {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        let before = directory.files()
        #expect(throws: KeyringError(.refused, "")) { try keyring.importKey(pem: pem, keyPassphrase: nil) }
        #expect(directory.files() == before)
    }

    @Test func `what a crash left behind goes with the next start, and other people's files stay`() throws {
        let (directory, keyring, _) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        let pair = try RSAKeyPair.make()
        let pem = Array(try pair.key.pem().utf8)
        try directory.write(pem, to: "\(pair.kid).pem")
        try directory.write(pem, to: "\(pair.kid).4.pem")
        try directory.write([1], to: "refresh-9.secret")
        for name in ["keyring.json.new", "\(pair.kid).4.pem.new", "refresh-9.2.secret.new"] {
            try directory.write([1], to: name)
        }
        for name in ["mine.pem", "refresh-me.secret", "notes.txt", "passphrase.new", "mine.pem.new"] {
            try directory.write([1], to: name)
        }
        let kid = try #require(keyring.signingKeyID(at: Self.start))
        #expect(try keyring.adopt(.standard, at: Self.start).isEmpty)
        #expect(
            Set(directory.files().keys) == [
                ".lock", "keyring.json", "\(kid).pem", "refresh-1.secret", "mine.pem", "refresh-me.secret", "notes.txt",
                "passphrase.new", "mine.pem.new",
            ])
    }

    @Test func `a start with other terms is written down, and a longer life keeps retired keys longer`() throws {
        let (directory, keyring, node) = try Self.pair()
        defer { withExtendedLifetime(directory) {} }
        _ = try keyring.rotate(immediately: true, at: Self.at(1))
        let before = try #require(keyring.listing(at: Self.at(1)).first?.removedAt)
        let terms = try KeyPolicyTests.terms(accessTokens: 7200)
        #expect(try keyring.adopt(terms, at: Self.at(1, 60)) == [.termsChanged])
        #expect(try keyring.adopt(terms, at: Self.at(1, 60)).isEmpty)
        let after = try #require(keyring.listing(at: Self.at(1)).first?.removedAt)
        #expect(after == before + .seconds(7200 - 900))
        // Another node that starts with the short life lowers it, and the one that still runs raises it again.
        try node.followChanges(at: Self.at(1, 120))
        #expect(try node.adopt(.standard, at: Self.at(1, 120)) == [.termsChanged])
        try keyring.followChanges(at: Self.at(1, 121))
        #expect(try keyring.cover(terms, at: Self.at(1, 121)) == [.termsChanged])
        #expect(try keyring.cover(terms, at: Self.at(1, 122)).isEmpty)
    }

    @Test func `a directory that cannot be written leaves the keys as they were`() throws {
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
