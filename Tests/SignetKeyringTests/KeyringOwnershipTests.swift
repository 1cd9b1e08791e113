import Foundation
import RSASigning
import SignetStore
import TestSupport
import Testing

@testable import SignetKeyring

/// Tests of the permissions of the keyring directory, and of files in it that belong to other users.
@Suite struct KeyringOwnershipTests {
    static let start = KeyringLifeTests.start
    static let somebody: uid_t = 12_345

    static func at(_ days: Int64, _ seconds: Int64 = 0) -> Timestamp { KeyringLifeTests.at(days, seconds) }

    private static func chmod(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    /// Replaces `keyring.json` by a file of the user `owner`, as a user with write access to the directory can.
    private static func put(
        _ document: KeyringDocument, in directory: TemporaryDirectory, owner: uid_t = somebody
    ) throws {
        let file = "\(directory.path)/keyring.json"
        try FileManager.default.removeItem(atPath: file)
        try directory.write(document.bytes, to: "keyring.json")
        #expect(unsafe chown(file, owner, gid_t(owner)) == 0)
    }

    @Test(arguments: [(0o775, 0o755), (0o770, 0o750), (0o2775, 0o2755)])
    func `the group's write permission for the directory is removed and reported once`(
        mode: Int, tightened: Int
    ) throws {
        let directory = TemporaryDirectory()
        let log = NoticeLog()
        let keyring = try Keyring.open(directory: directory.path, now: Self.start, notify: log.notify)
        #expect(log.all.isEmpty)
        let ways: [(String, () throws -> Void)] = [
            ("open", { _ = try Keyring.open(directory: directory.path, now: Self.start, notify: log.notify) }),
            (
                "open what is there",
                { _ = try Keyring.openExisting(directory: directory.path, notify: log.notify) }
            ),
            ("look", { _ = try Keyring.overview(directory: directory.path, notify: log.notify) }),
            ("reread", { _ = try keyring.followChanges(always: true, at: Self.start) }),
            ("change", { _ = try keyring.rotateRefreshSecret(at: Self.start) }),
        ]
        for (number, (way, run)) in ways.enumerated() {
            try Self.chmod(mode, directory.path)
            try run()
            try run()
            #expect(try directory.mode(of: "") == tightened, "\(way)")
            let notices = [KeyringNotice](repeating: .tightened(directory: directory.path), count: number + 1)
            #expect(log.all == notices, "\(way)")
        }
        #expect(log.all.first?.text.contains("chmod go-w") == true)
    }

    @Test(.enabled(if: geteuid() == 0, "only root can run as somebody else"))
    func `a directory of another user that its group can write to is refused with the command to run`()
        throws
    {
        let directory = TemporaryDirectory()
        #expect(unsafe chown(directory.path, Self.somebody, gid_t(Self.somebody)) == 0)
        try Self.chmod(0o775, directory.path)
        let other = try KeyringChild.run("create", directory.path, at: Self.start.seconds, as: Self.somebody + 1)
        #expect(other.outcome == "insecureMode")
        #expect(try directory.mode(of: "") == 0o775)
        // The owner of the directory may create a keyring in it. The creation removes the group's write permission.
        let own = try KeyringChild.run("create", directory.path, at: Self.start.seconds, as: Self.somebody)
        #expect(own.outcome?.count == 43, "\(own.outcome ?? "killed")")
        #expect(try directory.mode(of: "") == 0o755)
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
    func `files of another user are refused with the command to run`() throws {
        let (directory, keyID) = try KeyringTests.filled()
        for name in ["keyring.json", "\(keyID).pem", "refresh-1.secret"] {
            let file = "\(directory.path)/\(name)"
            #expect(unsafe chown(file, Self.somebody, 0) == 0)
            KeyringTests.expectRefusal(.insecureMode, "run chown \(geteuid()) \(file)", directory)
            #expect(unsafe chown(file, geteuid(), 0) == 0)
        }
        // `keyring.json` and the key files may belong to root, to this process's user, or to the directory's owner.
        // Here another user owns both the directory and `keyring.json`.
        #expect(unsafe chown(directory.path, Self.somebody, 0) == 0)
        #expect(unsafe chown("\(directory.path)/keyring.json", Self.somebody, 0) == 0)
        _ = try Keyring.openExisting(directory: directory.path, now: Self.start)
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
    func `a key that another user adds is neither published nor used, even if its file exists`() throws {
        let (directory, keyring, node) = try KeyringLifeTests.pair()
        let own = try #require(keyring.signingKeyID(at: Self.at(1)))
        let before = node.publishedKeys(at: Self.at(1))
        let forged = try RSAKeyPair.make()
        try directory.write(Array(try forged.key.pem().utf8), to: "\(forged.keyID).pem")
        var document = keyring.snapshot.document
        // Try two forged versions of `keyring.json`. `document` adds the forged key to the real signing key. `alone`
        // has only the forged key.
        document.add(forged.record(activatesAt: Self.at(1)), at: Self.at(1))
        var alone = document
        alone.keys.removeAll { $0.keyID == own }
        for forgery in [document, alone] {
            try Self.put(forgery, in: directory)
            #expect(throws: KeyringError(.insecureMode, "")) { try node.followChanges(at: Self.at(1)) }
            #expect(node.publishedKeys(at: Self.at(1)) == before)
            #expect(node.signingKey(at: Self.at(1))?.keyID == own)
            #expect(throws: KeyringError(.insecureMode, "")) { try node.rotate(immediately: true, at: Self.at(1)) }
        }
        #expect(throws: KeyringError(.insecureMode, "")) { try Keyring.openExisting(directory: directory.path) }
        // The node accepts the same `document` if the file belongs to this process's user. So it refused the file above
        // only because of the file's owner.
        try Self.put(document, in: directory, owner: geteuid())
        try node.followChanges(at: Self.at(1))
        #expect(node.signingKeyID(at: Self.at(1)) == forged.keyID)
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
    func `a key that another user removes is gone, and its predecessor does not sign again`() throws {
        let (directory, keyring, node, replaced, signing) = try KeyringRevocationTests.replacement()
        try node.followChanges(at: Self.at(1))
        var document = keyring.snapshot.document
        document.keys.removeAll { $0.keyID == signing }
        document.revocations.append(KeyRevocation(keyID: signing, revokedAt: Self.at(1, 60)))
        try Self.put(document, in: directory)
        for _ in 1...2 {
            #expect(throws: KeyringError(.insecureMode, "")) {
                try node.followChanges(always: true, at: Self.at(1, 60))
            }
            #expect(node.publishedKeys(at: Self.at(1, 60)).keyIDs == [replaced])
            #expect(node.signingKeyID(at: Self.at(1, 60)) == nil)
        }
        // Write the original `keyring.json` again, as a file of this process's user. The node accepts the file and
        // signs with the key `signing` again.
        try Self.put(keyring.snapshot.document, in: directory, owner: geteuid())
        try node.followChanges(at: Self.at(1, 61))
        #expect(node.signingKeyID(at: Self.at(1, 61)) == signing)
    }

    @Test func `an unreadable keyring that does not know the signing key does not replace it`()
        throws
    {
        let (directory, _, node) = try KeyringLifeTests.pair()
        let own = try #require(node.signingKeyID(at: Self.at(1)))
        let (other, otherKeyID) = try KeyringTests.filled()
        let files = other.files()
        // Simulate an operator who replaces the keyring by another one and copies `keyring.json` first. The node must
        // keep its own keys until the other key files are there, too.
        try directory.write(try #require(files["keyring.json"]), to: "keyring.json")
        #expect(throws: KeyringError(.corrupt, "")) { try node.followChanges(at: Self.at(1)) }
        #expect(node.signingKey(at: Self.at(1))?.keyID == own)
        #expect(node.publishedKeys(at: Self.at(1)).keyIDs == [own])
        #expect(node.refreshSecrets(at: Self.at(1)).currentID == 1)
        // Copy the key files of the other keyring to the directory. The node then uses the other keyring.
        for name in ["\(otherKeyID).pem", "refresh-1.secret"] {
            try directory.write(try #require(files[name]), to: name)
        }
        try node.followChanges(always: true, at: Self.at(1))
        #expect(node.signingKey(at: Self.at(1))?.keyID == otherKeyID)
    }
}
