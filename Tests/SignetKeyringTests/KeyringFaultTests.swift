import Foundation
import RSASigning
import SignetStore
import Synchronization
import TestSupport
import Testing

@testable import SignetKeyring

/// Tests with wrong key files, too many keys, or changes that cannot be written.
@Suite struct KeyringFaultTests {
    static let start = KeyringLifeTests.start

    static func at(_ days: Int64, _ seconds: Int64 = 0) -> Timestamp { KeyringLifeTests.at(days, seconds) }

    @Test(.enabled(if: geteuid() == 0, "only root can write for somebody else"))
    func `files that root writes are given to the owner of the directory`() throws {
        let directory = TemporaryDirectory()
        #expect(unsafe chown(directory.path, 12_345, 23_456) == 0)
        let keyring = try Keyring.open(directory: directory.path, now: Self.start)
        let old = try #require(keyring.signingKeyID(at: Self.start))
        _ = try keyring.revoke(old, at: Self.start)
        let names = directory.files().keys
        #expect(names.count == 4)
        for name in names {
            let attributes = try FileManager.default.attributesOfItem(atPath: "\(directory.path)/\(name)")
            #expect((attributes[.ownerAccountID] as? NSNumber)?.intValue == 12_345, "\(name)")
            #expect((attributes[.groupOwnerAccountID] as? NSNumber)?.intValue == 23_456, "\(name)")
            #expect(try directory.mode(of: name) == 0o600, "\(name)")
        }
    }

    @Test func `a symbolic link in place of the lock is refused`() throws {
        let directory = TemporaryDirectory()
        try directory.write([], to: "elsewhere")
        try FileManager.default.createSymbolicLink(
            atPath: "\(directory.path)/.lock", withDestinationPath: "\(directory.path)/elsewhere")
        #expect(throws: KeyringError(.inaccessible, "")) { try Keyring.open(directory: directory.path) }
    }

    @Test func `a node that cannot read the successor of a revoked key still stops using the revoked one`() throws {
        let (directory, keyring, node) = try KeyringLifeTests.pair()
        defer { withExtendedLifetime(directory) {} }
        let old = try #require(node.signingKeyID(at: Self.at(1)))
        _ = try keyring.revoke(old, at: Self.at(1))
        let new = try #require(keyring.signingKeyID(at: Self.at(1)))
        let pem = try #require(directory.files()["\(new).pem"])
        try directory.write(Array("garbage".utf8), to: "\(new).pem")
        for _ in 1...2 {
            #expect(throws: KeyringError(.corrupt, "")) { try node.followChanges(at: Self.at(1)) }
            #expect(node.publishedKeys(at: Self.at(1)).keyIDs == [new])
            #expect(node.publishedKeys(at: Self.at(1)) == keyring.publishedKeys(at: Self.at(1)))
            #expect(node.signingKeyID(at: Self.at(1)) == nil)
            #expect(node.refreshSecrets(at: Self.at(1)).currentID == 1)
        }
        // After the key file is restored, the node reads it half a minute after the failed read, without a restart.
        try directory.write(pem, to: "\(new).pem")
        try node.followChanges(at: Self.at(1, 30))
        #expect(node.signingKey(at: Self.at(1, 30))?.keyID == new)
    }

    @Test func `a node without the new passphrase keeps using the keys that it has loaded`() throws {
        let (directory, keyring, node) = try KeyringLifeTests.pair()
        let old = try #require(keyring.signingKeyID(at: Self.start))
        let next = try #require(try keyring.generate(at: Self.start).first?.keyID)
        try node.followChanges(at: Self.start)
        _ = try keyring.reencrypt(under: KeyringEncryptionTests.passphrase(), at: Self.start)
        try node.followChanges(at: Self.start)
        let encrypted = try KeyringEncryptionTests.open(directory, "correct horse")
        _ = try encrypted.rotateRefreshSecret(at: Self.at(2))
        _ = try encrypted.revoke(old, at: Self.at(2))
        #expect(throws: KeyringError(.passphraseMissing, "")) { try node.followChanges(at: Self.at(2)) }
        #expect(node.signingKey(at: Self.at(2))?.keyID == next)
        #expect(node.publishedKeys(at: Self.at(2)).keyIDs == [next])
        // `node` has no passphrase, so it cannot read HMAC key 2, which the keyring `encrypted` added. `node` must
        // report this key as unreadable, not as unknown, because a refresh token made with the key may be valid.
        let later = Self.at(2, 7300)
        #expect(encrypted.refreshSecrets(at: later).currentID == 2)
        let secrets = node.refreshSecrets(at: later)
        #expect(secrets.currentID == 1)
        #expect(secrets[2] == nil)
        #expect(secrets.isUnreadable(2))
        // A new signing key is encrypted and becomes active at once. `node` has no passphrase, so it cannot read that
        // key and keeps signing with the old one.
        _ = try encrypted.rotate(immediately: true, at: later)
        #expect(throws: KeyringError(.passphraseMissing, "")) { try node.followChanges(at: later) }
        #expect(node.signingKey(at: later + .seconds(1))?.keyID == next)
        #expect(node.publishedKeys(at: later) == encrypted.publishedKeys(at: later))
    }

    @Test func `a change succeeds even if its leftovers cannot be deleted`() throws {
        let (directory, keyring, _) = try KeyringLifeTests.pair()
        try FileManager.default.createDirectory(
            atPath: "\(directory.path)/refresh-9.secret", withIntermediateDirectories: false)
        let old = try #require(keyring.signingKeyID(at: Self.at(1)))
        #expect(try keyring.revoke(old, at: Self.at(1)).contains(.revoked(keyID: old)))
        #expect(keyring.publishedKeys(at: Self.at(1)).keyIDs.contains(old) == false)
    }

    @Test
    func
        `a change whose keyring json cannot be written leaves no private key, and keeps the prepared key for the next attempt`()
        throws
    {
        let (directory, keyring, _) = try KeyringLifeTests.pair()
        // Writes of `keyring.json` go to a temporary file first. A directory with the name of that file makes them
        // fail.
        let obstacle = "\(directory.path)/keyring.json.new"
        try FileManager.default.createDirectory(atPath: obstacle, withIntermediateDirectories: false)
        let before = KeyringLifeTests.pems(directory)
        try keyring.prepareKey()
        let made = PrivateKeyFile.keyID(of: try keyring.generator.key(for: keyring.snapshot.document))
        for _ in 1...3 {
            #expect(throws: KeyringError(.inaccessible, "")) { try keyring.advance(at: Self.at(29)) }
            #expect(KeyringLifeTests.pems(directory) == before)
        }
        #expect(throws: KeyringError(.inaccessible, "")) { try keyring.rotateRefreshSecret(at: Self.at(29)) }
        #expect(directory.files()["refresh-2.secret"] == nil)
        try FileManager.default.removeItem(atPath: obstacle)
        #expect(try keyring.advance(at: Self.at(29)).first == .generated(keyID: made))
    }

    @Test func `a leftover that cannot be deleted does not prevent the deletion of others`() throws {
        let (directory, keyring, _) = try KeyringLifeTests.pair()
        for number in 10..<30 {
            try FileManager.default.createDirectory(
                atPath: "\(directory.path)/refresh-\(number).secret", withIntermediateDirectories: false)
            try directory.write([1], to: "refresh-\(number + 20).secret")
        }
        #expect(throws: KeyringError(.inaccessible, "")) { try keyring.adopt(.standard, at: Self.start) }
        for number in 30..<50 { #expect(directory.files()["refresh-\(number).secret"] == nil, "\(number)") }
    }

    @Test(.timeLimit(.minutes(1)))
    func `a pipe in place of a file is refused without waiting`() throws {
        let directory = TemporaryDirectory()
        let pipe = "\(directory.path)/keyring.json"
        #expect(unsafe mkfifo(pipe, 0o600) == 0)
        #expect(throws: KeyringError(.inaccessible, "")) { try Keyring.openExisting(directory: directory.path) }
        #expect(throws: KeyringError(.inaccessible, "")) { try Passphrase(file: pipe) }
    }

    @Test func `a passphrase file in the directory of the keys is refused`() throws {
        let directory = TemporaryDirectory()
        let keys = "\(directory.path)/keys"
        _ = try Keyring.open(directory: keys)
        for name in ["keys/next", "next"] { try directory.write(Array("correct horse".utf8), to: name) }
        for file in [
            "\(keys)/next", "\(directory.path)/../\(directory.path.split(separator: "/").last ?? "")/keys/next",
        ] {
            #expect(throws: KeyringError(.passphraseUnusable, "")) { try Passphrase(file: file, outside: keys) }
        }
        #expect(
            try Passphrase(file: "\(directory.path)/next", outside: keys).bytes
                == KeyringEncryptionTests.passphrase().bytes)
    }

    /// Records of `count` retired keys without private halves.
    static func retired(_ count: Int) -> [KeyRecord] {
        (0..<count).map { number in
            var modulus = [UInt8](repeating: 0xA5, count: 256)
            modulus[1] = UInt8(number % 256)
            modulus[2] = UInt8(number / 256)
            return KeyRecord(
                keyID: KeyringDocument.keyID(modulus: modulus, exponent: [1, 0, 1]), modulus: modulus,
                exponent: [1, 0, 1],
                createdAt: start, activatesAt: start, retiresAt: start, removedAt: at(100), hasPrivateHalf: false)
        }
    }

    @Test func `no key is added beyond the maximum number of published keys, and a revocation still works`() throws {
        let (directory, keyring, _) = try KeyringLifeTests.pair()
        var document = keyring.snapshot.document
        document.keys = Self.retired(KeyPolicy.mostPublished - 1) + document.keys
        try directory.write(document.bytes, to: "keyring.json")
        try keyring.followChanges(at: Self.at(1))
        let pem = try RSAKeyPair.make().key.pem()
        #expect(throws: KeyringError(.refused, "")) { try keyring.generate(at: Self.at(1)) }
        #expect(throws: KeyringError(.refused, "")) { try keyring.rotate(immediately: true, at: Self.at(1)) }
        #expect(throws: KeyringError(.refused, "")) {
            try keyring.importKey(pem: pem, keyPassphrase: nil, at: Self.at(1))
        }
        let old = try #require(keyring.signingKeyID(at: Self.at(1)))
        _ = try keyring.revoke(old, at: Self.at(1))
        #expect(keyring.signingKeyID(at: Self.at(1)) != old)
        _ = try keyring.revoke(try #require(document.keys.first).keyID, at: Self.at(1))
        #expect(try keyring.generate(at: Self.at(1)).count == 1)
    }

    @Test func `a keyring json that is too large to be read again is not written, and neither are its key files`()
        throws
    {
        let (directory, keyring, _) = try KeyringLifeTests.pair()
        let before = directory.files()
        #expect(throws: KeyringError(.refused, "")) {
            var draft = KeyringDraft(of: keyring.snapshot.document, at: Self.at(1))
            draft.add(.random(id: 2), activatesAt: Self.at(1))
            draft.document.keys = Self.retired(700) + draft.document.keys
            return try KeyringWriter(files: keyring.files, passphrase: nil).write(draft, replacing: keyring.snapshot)
        }
        #expect(directory.files() == before)
    }
}
