import Foundation
import RSASigning
import SignetStore
import TestSupport
import Testing

@testable import SignetKeyring

/// Who may put files in the directory of the keys, and what those are worth that somebody else put there.
@Suite struct KeyringOwnershipTests {
    static let start = KeyringLifeTests.start
    static let somebody: uid_t = 12_345

    static func at(_ days: Int64, _ seconds: Int64 = 0) -> Timestamp { KeyringLifeTests.at(days, seconds) }

    private static func chmod(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }

    /// Puts a document in the place of `keyring.json`, as somebody who may write to the directory can.
    private static func put(
        _ document: KeyringDocument, in directory: TemporaryDirectory, owner: uid_t = somebody
    ) throws {
        let file = "\(directory.path)/keyring.json"
        try FileManager.default.removeItem(atPath: file)
        try directory.write(document.bytes, to: "keyring.json")
        #expect(unsafe chown(file, owner, gid_t(owner)) == 0)
    }

    @Test(arguments: [(0o775, 0o755), (0o770, 0o750), (0o2775, 0o2755)])
    func `a directory that its group may write to is taken from it, and that is said once`(
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
    func `a directory that its group may write to is refused with the command that helps where it is not ours`()
        throws
    {
        let directory = TemporaryDirectory()
        #expect(unsafe chown(directory.path, Self.somebody, gid_t(Self.somebody)) == 0)
        try Self.chmod(0o775, directory.path)
        let other = try KeyringChild.run("create", directory.path, at: Self.start.seconds, as: Self.somebody + 1)
        #expect(other.outcome == "insecureMode")
        #expect(try directory.mode(of: "") == 0o775)
        // Its owner may take it, and does.
        let own = try KeyringChild.run("create", directory.path, at: Self.start.seconds, as: Self.somebody)
        #expect(own.outcome?.count == 43, "\(own.outcome ?? "killed")")
        #expect(try directory.mode(of: "") == 0o755)
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
    func `files that belong to somebody else are refused with the command that helps`() throws {
        let (directory, kid) = try KeyringTests.filled()
        for name in ["keyring.json", "\(kid).pem", "refresh-1.secret"] {
            let file = "\(directory.path)/\(name)"
            #expect(unsafe chown(file, Self.somebody, 0) == 0)
            KeyringTests.expectRefusal(.insecureMode, "run chown \(geteuid()) \(file)", directory)
            #expect(unsafe chown(file, geteuid(), 0) == 0)
        }
        // The owner of the directory, root, and whoever runs this may own them.
        #expect(unsafe chown(directory.path, Self.somebody, 0) == 0)
        #expect(unsafe chown("\(directory.path)/keyring.json", Self.somebody, 0) == 0)
        _ = try Keyring.openExisting(directory: directory.path, now: Self.start)
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
    func `a key that somebody else adds is never published, nor signs, though its file is there`() throws {
        let (directory, keyring, node) = try KeyringLifeTests.pair()
        let own = try #require(keyring.signingKeyID(at: Self.at(1)))
        let before = node.publishedKeys(at: Self.at(1))
        let forged = try RSAKeyPair.make()
        try directory.write(Array(try forged.key.pem().utf8), to: "\(forged.kid).pem")
        var document = keyring.snapshot.document
        // Beside the key that signs, and in its place.
        document.add(forged.record(activatesAt: Self.at(1)), at: Self.at(1))
        var alone = document
        alone.keys.removeAll { $0.kid == own }
        for forgery in [document, alone] {
            try Self.put(forgery, in: directory)
            #expect(throws: KeyringError(.insecureMode, "")) { try node.followChanges(at: Self.at(1)) }
            #expect(node.publishedKeys(at: Self.at(1)) == before)
            #expect(node.signingKey(at: Self.at(1))?.kid == own)
            #expect(throws: KeyringError(.insecureMode, "")) { try node.rotate(immediately: true, at: Self.at(1)) }
        }
        #expect(throws: KeyringError(.insecureMode, "")) { try Keyring.openExisting(directory: directory.path) }
        // From whoever may write there, the first one is believed.
        try Self.put(document, in: directory, owner: geteuid())
        try node.followChanges(at: Self.at(1))
        #expect(node.signingKeyID(at: Self.at(1)) == forged.kid)
    }

    @Test(.enabled(if: geteuid() == 0, "only root can give a file away"))
    func `a key that somebody else takes away is gone, and its predecessor does not come back`() throws {
        let (directory, keyring, node, replaced, signing) = try KeyringRevocationTests.replacement()
        try node.followChanges(at: Self.at(1))
        var document = keyring.snapshot.document
        document.keys.removeAll { $0.kid == signing }
        document.revocations.append(KeyRevocation(kid: signing, revokedAt: Self.at(1, 60)))
        try Self.put(document, in: directory)
        for _ in 1...2 {
            #expect(throws: KeyringError(.insecureMode, "")) {
                try node.followChanges(always: true, at: Self.at(1, 60))
            }
            #expect(node.publishedKeys(at: Self.at(1, 60)).keyIDs == [replaced])
            #expect(node.signingKeyID(at: Self.at(1, 60)) == nil)
        }
        // What belongs to the right one again is believed as a whole.
        try Self.put(keyring.snapshot.document, in: directory, owner: geteuid())
        try node.followChanges(at: Self.at(1, 61))
        #expect(node.signingKeyID(at: Self.at(1, 61)) == signing)
    }

    @Test func `a keyring of which nothing can be read, and that knows nothing of ours, does not take its place`()
        throws
    {
        let (directory, _, node) = try KeyringLifeTests.pair()
        let own = try #require(node.signingKeyID(at: Self.at(1)))
        let (other, otherKid) = try KeyringTests.filled()
        let files = other.files()
        // As while somebody copies another keyring here: first the list of its keys.
        try directory.write(try #require(files["keyring.json"]), to: "keyring.json")
        #expect(throws: KeyringError(.corrupt, "")) { try node.followChanges(at: Self.at(1)) }
        #expect(node.signingKey(at: Self.at(1))?.kid == own)
        #expect(node.publishedKeys(at: Self.at(1)).keyIDs == [own])
        #expect(node.refreshSecrets(at: Self.at(1)).currentID == 1)
        // Then their files.
        for name in ["\(otherKid).pem", "refresh-1.secret"] { try directory.write(try #require(files[name]), to: name) }
        try node.followChanges(always: true, at: Self.at(1))
        #expect(node.signingKey(at: Self.at(1))?.kid == otherKid)
    }
}
