import Foundation
import RSASigning
import SignetStore
import TestSupport
import Testing

@testable import SignetKeyring

/// Keys and secrets of which some cannot be read: what goes on, and when it is tried again.
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

    @Test func `a damaged key can be dropped, and the signing one revoked although nothing but keyring json is whole`()
        throws
    {
        let (directory, keyring, _) = try KeyringLifeTests.pair()
        let signing = try #require(keyring.signingKeyID(at: Self.at(1)))
        let next = try #require(try keyring.generate(at: Self.at(1)).first?.kid)
        for name in ["\(next).pem", "\(signing).pem", "refresh-1.secret"] {
            try directory.write(Self.garbage, to: name)
        }
        #expect(throws: KeyringError(.corrupt, "")) {
            try Keyring.openExisting(directory: directory.path, now: Self.at(1))
        }
        #expect(try Self.openToRevoke(directory).revoke(next, at: Self.at(1)) == [.revoked(kid: next)])
        let opened = try Self.openToRevoke(directory)
        let changes = try opened.revoke(signing, at: Self.at(1, 60))
        let new = try #require(changes.last?.kid)
        #expect(changes.contains(.generated(kid: new)))
        #expect(KeyringLifeTests.pems(directory) == ["\(new).pem"])
        #expect(opened.signingKey(at: Self.at(1, 60))?.kid == new)
        #expect(opened.unreadKeys(at: Self.at(1, 60)).isEmpty)
        // The secret is as damaged as it was, and nothing else is.
        #expect(throws: KeyringError(.corrupt, "")) {
            try Keyring.openExisting(directory: directory.path, now: Self.at(1, 60))
        }
        #expect(directory.files()["refresh-1.secret"] == Self.garbage)
    }

    @Test func `a next key that cannot be read is not made to sign, and is named`() throws {
        let (directory, keyring, node) = try KeyringLifeTests.pair()
        let signing = try #require(keyring.signingKeyID(at: Self.at(1)))
        let next = try #require(try keyring.generate(at: Self.at(1)).first?.kid)
        try directory.write(Self.garbage, to: "\(next).pem")
        let opened = try Self.openToRevoke(directory)
        let new = try #require(try opened.revoke(signing, at: Self.at(1)).last?.kid)
        #expect(new != next)
        #expect(opened.signingKeyID(at: Self.at(1)) == new)
        #expect(opened.unreadKeys(at: Self.at(1)) == [next])
        // A service that runs takes what it can read.
        #expect(throws: KeyringError(.corrupt, "")) { try node.followChanges(at: Self.at(1)) }
        #expect(node.signingKey(at: Self.at(1))?.kid == new)
        #expect(node.publishedKeys(at: Self.at(1)).keyIDs == [next, new])
    }

    @Test func `of encrypted keys one can be revoked without the passphrase, unless another has to be made`() throws {
        let (directory, keyring) = try KeyringSealingTests.sealed()
        let signing = try #require(keyring.signingKeyID(at: Self.start))
        let before = directory.files()
        for passphrase in [nil, "incorrect horse"] {
            let opened = try Self.openToRevoke(directory, passphrase)
            let code: KeyringError.Code = passphrase == nil ? .passphraseMissing : .passphraseWrong
            #expect(throws: KeyringError(code, "")) { try opened.revoke(signing, at: Self.start) }
            #expect(directory.files() == before)
        }
        let next = try #require(try keyring.generate(at: Self.start).first?.kid)
        let opened = try Self.openToRevoke(directory)
        #expect(
            try opened.revoke(signing, at: Self.start) == [
                .revoked(kid: signing), .scheduled(kid: next, activatesAt: Self.start),
            ])
        #expect(opened.unreadKeys(at: Self.start).isEmpty)
        #expect(try KeyringSealingTests.open(directory, "correct horse").signingKeyID(at: Self.start) == next)
        // A damaged secret does not keep a key from being made under the passphrase that opens the others.
        try directory.write(Self.garbage, to: "refresh-1.secret")
        _ = try keyring.generate(at: Self.start)
        let last = try #require(keyring.listing(at: Self.start).last?.kid)
        _ = try Self.openToRevoke(directory, "correct horse").revoke(next, at: Self.start)
        let overview = try Keyring.overview(directory: directory.path)
        #expect(overview.listing(at: Self.start).first { $0.isSigning }?.kid == last)
        _ = try Self.openToRevoke(directory, "correct horse").revoke(last, at: Self.start)
        let pem = try #require(directory.files().first { $0.key.hasSuffix(".pem") }).value
        #expect(String(decoding: pem, as: UTF8.self).hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"))
    }

    @Test func `what could not be read is tried again after half a minute, when the keyring is replaced, or when told`()
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

        // One that was told to reads at once.
        let (second, other) = try Self.withUnreadKey(at: Self.at(2))
        try second.mend()
        try other.followChanges(always: true, at: Self.at(2, 1))
        #expect(other.signingKeyID(at: Self.at(2, 1)) == second.kid)

        // So does one whose keyring was replaced meanwhile, and one whose clock stepped back.
        let (third, follower) = try Self.withUnreadKey(at: Self.at(2))
        try third.mend()
        _ = try third.keyring.rotateRefreshSecret(at: Self.at(2))
        try follower.followChanges(at: Self.at(2, 1))
        #expect(follower.signingKeyID(at: Self.at(2, 1)) == third.kid)
        let (fourth, late) = try Self.withUnreadKey(at: Self.at(2))
        try fourth.mend()
        try late.followChanges(at: Self.at(2, -1))
        #expect(late.signingKeyID(at: Self.at(2)) == fourth.kid)
    }

    private struct Unread {
        let directory: TemporaryDirectory
        let keyring: Keyring
        let kid: String
        let pem: [UInt8]

        func mend() throws { try directory.write(pem, to: "\(kid).pem") }
    }

    /// A node that could not read the key that signs since `time`.
    private static func withUnreadKey(at time: Timestamp) throws -> (Unread, Keyring) {
        let (directory, keyring, node) = try KeyringLifeTests.pair()
        _ = try keyring.revoke(try #require(keyring.signingKeyID(at: time)), at: time)
        let kid = try #require(keyring.signingKeyID(at: time))
        let unread = Unread(
            directory: directory, keyring: keyring, kid: kid, pem: try #require(directory.files()["\(kid).pem"]))
        try directory.write(garbage, to: "\(kid).pem")
        #expect(throws: KeyringError(.corrupt, "")) { try node.followChanges(at: time) }
        return (unread, node)
    }

    @Test func `told to read again, a node looks at files that it knows, modes included, and goes on with what it has`()
        throws
    {
        let (directory, keyring, node) = try KeyringLifeTests.pair()
        let kid = try #require(keyring.signingKeyID(at: Self.at(1)))
        for name in ["\(kid).pem", "refresh-1.secret"] {
            let file = "\(directory.path)/\(name)"
            try Self.chmod(0o640, file)
            #expect(try node.followChanges(at: Self.at(1)) == false)
            #expect(throws: KeyringError(.insecureMode, "")) { try node.followChanges(always: true, at: Self.at(1)) }
            #expect(node.signingKey(at: Self.at(1))?.kid == kid)
            #expect(node.refreshSecrets(at: Self.at(1))[1] != nil)
            // It stays a fault until it is mended, and is then gone without another word.
            #expect(throws: KeyringError(.insecureMode, "")) { try node.followChanges(at: Self.at(1, 29)) }
            #expect(throws: KeyringError(.insecureMode, "")) { try node.followChanges(at: Self.at(1, 30)) }
            try Self.chmod(0o600, file)
            #expect(try node.followChanges(at: Self.at(1, 60)) == false)
        }
        try directory.write(Self.garbage, to: "\(kid).pem")
        #expect(throws: KeyringError(.corrupt, "")) { try node.followChanges(always: true, at: Self.at(1, 61)) }
        #expect(node.signingKey(at: Self.at(1, 61))?.kid == kid)
    }

    @Test func `among files that are encrypted, one that is not is refused`() throws {
        let (directory, keyring) = try KeyringSealingTests.sealed()
        let kid = try #require(keyring.signingKeyID(at: Self.start))
        let secret = try #require(keyring.refreshSecrets(at: Self.start)[1])
        let sealed = directory.files()
        let plain = [
            "\(kid).pem": Array(try #require(keyring.signingKey(at: Self.start)).key.pem().utf8),
            "refresh-1.secret": RefreshSecretFile(id: 1, secret: secret).bytes,
        ]
        for (name, bytes) in plain {
            // A second block that is encrypted is not the one that is read.
            for suffix in name.hasSuffix(".pem") ? [[], try #require(sealed[name])] : [[]] {
                try directory.write(bytes + suffix, to: name)
                do {
                    _ = try KeyringSealingTests.open(directory, "correct horse")
                    Issue.record("opened with a plain \(name)")
                } catch let error as KeyringError {
                    #expect(error.code == .notEncrypted)
                    #expect(error.detail.contains("\(name) is not encrypted"), "\(error)")
                }
                #expect(throws: KeyringError(.notEncrypted, "")) {
                    try keyring.followChanges(always: true, at: Self.start)
                }
                #expect(keyring.signingKey(at: Self.start)?.kid == kid)
            }
            try directory.write(try #require(sealed[name]), to: name)
        }
        // What is no key at all is damage, encrypted or not.
        try directory.write(Self.garbage, to: "\(kid).pem")
        #expect(throws: KeyringError(.corrupt, "")) { try KeyringSealingTests.open(directory, "correct horse") }
    }

    @Test func `whoever waits for the lock says so, and has it when it is free`() throws {
        let (directory, _, _) = try KeyringLifeTests.pair()
        let files = KeyringDirectory(path: directory.path)
        let isHeld = DispatchSemaphore(value: 0)
        let isHeard = DispatchSemaphore(value: 0)
        Thread.detachNewThread {
            try? files.withLock {
                isHeld.signal()
                // Not for ever, so that a wait that is never announced fails the test and does not hang it.
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
        // Nobody holds it now, so there is nothing to say.
        #expect(try waiting.withLock { log.all.count } == 1)
    }
}
