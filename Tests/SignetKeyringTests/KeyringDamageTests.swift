import Foundation
import RSASigning
import SignetStore
import TestSupport
import Testing

@testable import SignetKeyring

/// Tests with unreadable key files: which keys stay in use, and when the files are read again.
@Suite struct KeyringDamageTests {
    static let start = KeyringLifeTests.start
    static let garbage = Array("garbage".utf8)

    static func at(_ days: Int64, _ seconds: Int64 = 0) -> Timestamp { KeyringLifeTests.at(days, seconds) }

    private static func chmod(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    private static func openToRevoke(_ directory: TemporaryDirectory, _ passphrase: String? = nil) throws -> Keyring {
        try Keyring.openToRevoke(directory: directory.path, passphrase: try passphrase.map { try Passphrase($0) })
    }

    @Test func `a damaged key and the signing key can be revoked even if all key files are damaged`()
        throws
    {
        let (directory, keyring, _) = try KeyringLifeTests.pair()
        let signing = try #require(keyring.signingKeyID(at: Self.at(1)))
        let next = try #require(try keyring.generate(at: Self.at(1)).first?.keyID)
        for name in ["\(next).pem", "\(signing).pem", "refresh-1.secret"] {
            try directory.write(Self.garbage, to: name)
        }
        #expect(throws: KeyringError(.corrupt, "")) {
            try Keyring.openExisting(directory: directory.path, now: Self.at(1))
        }
        #expect(try Self.openToRevoke(directory).revoke(next, at: Self.at(1)) == [.revoked(keyID: next)])
        let opened = try Self.openToRevoke(directory)
        let changes = try opened.revoke(signing, at: Self.at(1, 60))
        let new = try #require(changes.last?.keyID)
        #expect(changes.contains(.generated(keyID: new)))
        #expect(KeyringLifeTests.pems(directory) == ["\(new).pem"])
        #expect(opened.signingKey(at: Self.at(1, 60))?.keyID == new)
        #expect(opened.unreadableKeys(at: Self.at(1, 60)).isEmpty)
        // The keyring still cannot be opened. The revocation replaced the damaged signing keys, but the file of the
        // refresh token HMAC key is damaged, too.
        #expect(throws: KeyringError(.corrupt, "")) {
            try Keyring.openExisting(directory: directory.path, now: Self.at(1, 60))
        }
        #expect(directory.files()["refresh-1.secret"] == Self.garbage)
    }

    @Test func `an unreadable next key is not activated and is reported`() throws {
        let (directory, keyring, node) = try KeyringLifeTests.pair()
        let signing = try #require(keyring.signingKeyID(at: Self.at(1)))
        let next = try #require(try keyring.generate(at: Self.at(1)).first?.keyID)
        try directory.write(Self.garbage, to: "\(next).pem")
        let opened = try Self.openToRevoke(directory)
        let new = try #require(try opened.revoke(signing, at: Self.at(1)).last?.keyID)
        #expect(new != next)
        #expect(opened.signingKeyID(at: Self.at(1)) == new)
        #expect(opened.unreadableKeys(at: Self.at(1)) == [next])
        // A running node reports the damaged file of the next key as an error, and keeps using the other keys.
        #expect(throws: KeyringError(.corrupt, "")) { try node.followChanges(at: Self.at(1)) }
        #expect(node.signingKey(at: Self.at(1))?.keyID == new)
        #expect(node.publishedKeys(at: Self.at(1)).keyIDs == [next, new])
    }

    @Test func `an encrypted key can be revoked without the passphrase unless a new key has to be created`() throws {
        let (directory, keyring) = try KeyringEncryptionTests.encrypted()
        let signing = try #require(keyring.signingKeyID(at: Self.start))
        let before = directory.files()
        for passphrase in [nil, "incorrect horse"] {
            let opened = try Self.openToRevoke(directory, passphrase)
            let code: KeyringError.Code = passphrase == nil ? .passphraseMissing : .passphraseWrong
            #expect(throws: KeyringError(code, "")) { try opened.revoke(signing, at: Self.start) }
            #expect(directory.files() == before)
        }
        let next = try #require(try keyring.generate(at: Self.start).first?.keyID)
        let opened = try Self.openToRevoke(directory)
        #expect(
            try opened.revoke(signing, at: Self.start) == [
                .revoked(keyID: signing), .scheduled(keyID: next, activatesAt: Self.start),
            ])
        #expect(opened.unreadableKeys(at: Self.start).isEmpty)
        #expect(try KeyringEncryptionTests.open(directory, "correct horse").signingKeyID(at: Self.start) == next)
        // Signet creates a key only if the passphrase decrypts at least one key file. The file of the signing key is
        // intact, so a damaged file of the HMAC key does not matter.
        try directory.write(Self.garbage, to: "refresh-1.secret")
        _ = try keyring.generate(at: Self.start)
        let last = try #require(keyring.listing(at: Self.start).last?.keyID)
        _ = try Self.openToRevoke(directory, "correct horse").revoke(next, at: Self.start)
        let overview = try Keyring.overview(directory: directory.path)
        #expect(overview.listing(at: Self.start).first { $0.isSigning }?.keyID == last)
        _ = try Self.openToRevoke(directory, "correct horse").revoke(last, at: Self.start)
        let pem = try #require(directory.files().first { $0.key.hasSuffix(".pem") }).value
        #expect(String(decoding: pem, as: UTF8.self).hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"))
    }

    @Test func `an unreadable key is read again after half a minute, when the keyring is replaced, or on request`()
        throws
    {
        let (directory, keyring, node) = try KeyringLifeTests.pair()
        let old = try #require(keyring.signingKeyID(at: Self.at(1)))
        _ = try keyring.revoke(old, at: Self.at(1))
        let new = try #require(keyring.signingKeyID(at: Self.at(1)))
        let pem = try #require(directory.files()["\(new).pem"])
        func damage() throws { try directory.write(Self.garbage, to: "\(new).pem") }
        func mend() throws { try directory.write(pem, to: "\(new).pem") }
        try damage()
        #expect(throws: KeyringError(.corrupt, "")) { try node.followChanges(at: Self.at(1)) }
        try mend()
        for seconds in [0, 1, 29] as [Int64] {
            #expect(throws: KeyringError(.corrupt, "")) { try node.followChanges(at: Self.at(1, seconds)) }
        }
        #expect(node.signingKeyID(at: Self.at(1, 29)) == nil)
        try node.followChanges(at: Self.at(1, 30))
        #expect(node.signingKeyID(at: Self.at(1, 30)) == new)
        #expect(try node.followChanges(at: Self.at(1, 31)) == false)

        // With `always: true`, a node reads a repaired key file at once. Otherwise it tries an unreadable file again
        // only after 30 s.
        let (second, other) = try Self.withUnreadKey(at: Self.at(2))
        try second.mend()
        try other.followChanges(always: true, at: Self.at(2, 1))
        #expect(other.signingKeyID(at: Self.at(2, 1)) == second.keyID)

        // A node also reads a repaired key file at once if `keyring.json` was replaced (node `follower`), or if the
        // node's clock stepped back (node `late`).
        let (third, follower) = try Self.withUnreadKey(at: Self.at(2))
        try third.mend()
        _ = try third.keyring.rotateRefreshSecret(at: Self.at(2))
        try follower.followChanges(at: Self.at(2, 1))
        #expect(follower.signingKeyID(at: Self.at(2, 1)) == third.keyID)
        let (fourth, late) = try Self.withUnreadKey(at: Self.at(2))
        try fourth.mend()
        try late.followChanges(at: Self.at(2, -1))
        #expect(late.signingKeyID(at: Self.at(2)) == fourth.keyID)
    }

    private struct Unread {
        let directory: TemporaryDirectory
        let keyring: Keyring
        let keyID: String
        let pem: [UInt8]

        func mend() throws { try directory.write(pem, to: "\(keyID).pem") }
    }

    /// Makes a keyring whose signing key, new at `time`, has a damaged file. Also makes a node: a second `Keyring` of
    /// the same directory, which could not read the damaged file.
    /// - Returns: the data to repair the file, and the node.
    private static func withUnreadKey(at time: Timestamp) throws -> (Unread, Keyring) {
        let (directory, keyring, node) = try KeyringLifeTests.pair()
        _ = try keyring.revoke(try #require(keyring.signingKeyID(at: time)), at: time)
        let keyID = try #require(keyring.signingKeyID(at: time))
        let unread = Unread(
            directory: directory, keyring: keyring, keyID: keyID, pem: try #require(directory.files()["\(keyID).pem"]))
        try directory.write(garbage, to: "\(keyID).pem")
        #expect(throws: KeyringError(.corrupt, "")) { try node.followChanges(at: time) }
        return (unread, node)
    }

    @Test func `a node that rereads checks the files of loaded keys and their modes, and keeps using the keys`()
        throws
    {
        let (directory, keyring, node) = try KeyringLifeTests.pair()
        let keyID = try #require(keyring.signingKeyID(at: Self.at(1)))
        for name in ["\(keyID).pem", "refresh-1.secret"] {
            let file = "\(directory.path)/\(name)"
            try Self.chmod(0o640, file)
            #expect(try node.followChanges(at: Self.at(1)) == false)
            #expect(throws: KeyringError(.insecureMode, "")) { try node.followChanges(always: true, at: Self.at(1)) }
            #expect(node.signingKey(at: Self.at(1))?.keyID == keyID)
            #expect(node.refreshSecrets(at: Self.at(1))[1] != nil)
            // The file still has the mode 0640. The node checks the file again only every 30 s, but reports the wrong
            // mode at every call.
            #expect(throws: KeyringError(.insecureMode, "")) { try node.followChanges(at: Self.at(1, 29)) }
            #expect(throws: KeyringError(.insecureMode, "")) { try node.followChanges(at: Self.at(1, 30)) }
            try Self.chmod(0o600, file)
            #expect(try node.followChanges(at: Self.at(1, 60)) == false)
        }
        try directory.write(Self.garbage, to: "\(keyID).pem")
        #expect(throws: KeyringError(.corrupt, "")) { try node.followChanges(always: true, at: Self.at(1, 61)) }
        #expect(node.signingKey(at: Self.at(1, 61))?.keyID == keyID)
    }

    @Test func `an unencrypted file among encrypted ones is refused`() throws {
        let (directory, keyring) = try KeyringEncryptionTests.encrypted()
        let keyID = try #require(keyring.signingKeyID(at: Self.start))
        let secret = try #require(keyring.refreshSecrets(at: Self.start)[1])
        let encrypted = directory.files()
        let plain = [
            "\(keyID).pem": Array(try #require(keyring.signingKey(at: Self.start)).key.pem().utf8),
            "refresh-1.secret": RefreshSecretFile(id: 1, secret: secret).bytes,
        ]
        for (name, bytes) in plain {
            // Test the unencrypted file as it is, and a PEM file also with an encrypted block at its end. Signet reads
            // only the first block of a PEM file, which is unencrypted here, so it must refuse these files.
            for suffix in name.hasSuffix(".pem") ? [[], try #require(encrypted[name])] : [[]] {
                try directory.write(bytes + suffix, to: name)
                do {
                    _ = try KeyringEncryptionTests.open(directory, "correct horse")
                    Issue.record("opened with a plain \(name)")
                } catch let error as KeyringError {
                    #expect(error.code == .notEncrypted)
                    #expect(error.detail.contains("\(name) is not encrypted"), "\(error)")
                }
                #expect(throws: KeyringError(.notEncrypted, "")) {
                    try keyring.followChanges(always: true, at: Self.start)
                }
                #expect(keyring.signingKey(at: Self.start)?.keyID == keyID)
            }
            try directory.write(try #require(encrypted[name]), to: name)
        }
        // A file that is not a key at all is reported as damaged (`corrupt`), not as a key without encryption
        // (`notEncrypted`).
        try directory.write(Self.garbage, to: "\(keyID).pem")
        #expect(throws: KeyringError(.corrupt, "")) { try KeyringEncryptionTests.open(directory, "correct horse") }
    }

    @Test func `a process that waits for the lock reports it once and then gets the lock`() throws {
        let (directory, _, _) = try KeyringLifeTests.pair()
        let files = KeyringDirectory(path: directory.path)
        let isHeld = DispatchSemaphore(value: 0)
        let isHeard = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            try? files.withLock {
                isHeld.signal()
                // Hold the lock until `waiting` reports that it waits for the lock, but for at most 60 s, so that a
                // missing report cannot hang the test.
                _ = isHeard.wait(timeout: .now() + 60)
            }
        }
        let log = NoticeLog()
        let notify = log.notify
        let waiting = KeyringDirectory(
            path: directory.path,
            notify: { notice in
                notify(notice)
                isHeard.signal()
            }, patience: .zero)
        isHeld.wait()
        #expect(try waiting.withLock { "mine" } == "mine")
        #expect(log.all == [.waiting(lock: "\(directory.path)/.lock")])
        // The lock is free now, so a second `withLock` does not wait and reports nothing: `log` still has one notice.
        #expect(try waiting.withLock { log.all.count } == 1)
    }

    /// Returns a node, and a function that replaces the node's HMAC key on disk by another one with the same id. If
    /// `content` is given, the function writes `content` to the key file instead.
    private static func nodeWithReplaceableSecret() throws -> (
        node: Keyring, replace: (_ content: [UInt8]?) throws -> [UInt8]
    ) {
        let (directory, keyring, node) = try KeyringLifeTests.pair()
        let replace = { (content: [UInt8]?) throws -> [UInt8] in
            let other = RefreshSecretFile.random(id: 1)
            var document = keyring.snapshot.document
            document.refreshSecrets[0] = RefreshSecretRecord(
                id: 1, fingerprint: other.fingerprint, createdAt: start)
            try directory.write(content ?? other.bytes, to: "refresh-1.secret")
            try directory.write(document.bytes, to: "keyring.json")
            return other.secret
        }
        return (node, replace)
    }

    @Test func `a node loads an HMAC key whose fingerprint changed, although it has one with the same id`() throws {
        let (node, replace) = try Self.nodeWithReplaceableSecret()
        let secret = try replace(nil)
        #expect(try node.followChanges(at: Self.at(1)))
        #expect(node.refreshSecrets(at: Self.at(1))[1] == secret)
    }

    @Test func `a node does not use its HMAC key in place of an unreadable one with the same id`() throws {
        let (node, replace) = try Self.nodeWithReplaceableSecret()
        _ = try replace(Self.garbage)
        #expect(throws: KeyringError(.corrupt, "")) { try node.followChanges(at: Self.at(1)) }
        #expect(node.refreshSecrets(at: Self.at(1))[1] == nil)
        #expect(node.refreshSecrets(at: Self.at(1)).isUnreadable(1))
    }
}
