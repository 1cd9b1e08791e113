import SignetStore
import TestSupport
import Testing

@testable import SignetKeyring

/// Tests with encrypted key files.
@Suite struct KeyringEncryptionTests {
    static let start = KeyringLifeTests.start

    static func passphrase(_ text: String = "correct horse") throws -> Passphrase { try Passphrase(text) }

    static func encrypted() throws -> (directory: TemporaryDirectory, keyring: Keyring) {
        let directory = TemporaryDirectory()
        let keyring = try Keyring.open(directory: directory.path, passphrase: passphrase(), now: start)
        return (directory, keyring)
    }

    static func open(_ directory: TemporaryDirectory, _ passphrase: String?) throws -> Keyring {
        try Keyring.openExisting(
            directory: directory.path, passphrase: try passphrase.map { try Passphrase($0) }, now: start)
    }

    static func secretFiles(_ directory: TemporaryDirectory) -> [String] {
        directory.files().keys.filter { $0.hasSuffix(".pem") || $0.hasSuffix(".secret") }.sorted()
    }

    @Test
    func `every key file of a keyring created with a passphrase is encrypted, and only that passphrase decrypts it`()
        throws
    {
        let (directory, keyring) = try Self.encrypted()
        let keyID = try #require(keyring.signingKeyID(at: Self.start))
        let pem = String(decoding: try #require(directory.files()["\(keyID).pem"]), as: UTF8.self)
        #expect(pem.hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"))
        let secret = try #require(directory.files()["refresh-1.secret"])
        #expect(secret.count == 90)
        let plain = try #require(keyring.refreshSecrets(at: Self.start)[1])
        #expect(!secret.indices.contains { secret[$0...].starts(with: plain.prefix(8)) })
        let again = try Self.open(directory, "correct horse")
        #expect(again.refreshSecrets(at: Self.start)[1] == plain)
        #expect(throws: KeyringError(.passphraseWrong, "")) { try Self.open(directory, "incorrect horse") }
        #expect(throws: KeyringError(.passphraseMissing, "")) { try Self.open(directory, nil) }
        // Reading the overview of a keyring needs no passphrase.
        #expect(try Keyring.overview(directory: directory.path).isEncrypted)
    }

    @Test func `a passphrase for unencrypted keys is refused with the command to run`() throws {
        let directory = TemporaryDirectory()
        _ = try Keyring.open(directory: directory.path, now: Self.start)
        do {
            _ = try Self.open(directory, "correct horse")
            Issue.record("opened")
        } catch let error as KeyringError {
            #expect(error.code == .notEncrypted)
            #expect(error.detail.contains("signet keys passphrase"))
        }
    }

    @Test func `setting, changing and removing the passphrase keeps all keys`() throws {
        let directory = TemporaryDirectory()
        let first = try Keyring.open(directory: directory.path, now: Self.start)
        let keyID = try #require(first.signingKeyID(at: Self.start))
        let secret = try #require(first.refreshSecrets(at: Self.start)[1])
        func check(_ passphrase: String?, generation: Int) throws {
            let keyring = try Self.open(directory, passphrase)
            #expect(keyring.signingKeyID(at: Self.start) == keyID)
            #expect(keyring.refreshSecrets(at: Self.start)[1] == secret)
            #expect(
                Set(Self.secretFiles(directory)) == ["\(keyID).\(generation).pem", "refresh-1.\(generation).secret"])
        }
        #expect(try first.reencrypt(under: Self.passphrase(), at: Self.start) == [.reencrypted(isEncrypted: true)])
        try check("correct horse", generation: 1)
        _ = try Self.open(directory, "correct horse").reencrypt(
            under: Self.passphrase("battery staple"), at: Self.start)
        try check("battery staple", generation: 2)
        #expect(throws: KeyringError(.passphraseWrong, "")) { try Self.open(directory, "correct horse") }
        _ = try Self.open(directory, "battery staple").reencrypt(under: nil, at: Self.start)
        try check(nil, generation: 3)
    }

    @Test func `a node with a wrong passphrase keeps signing and writes nothing`() throws {
        let (directory, node) = try Self.encrypted()
        _ = try Self.open(directory, "correct horse").reencrypt(
            under: Self.passphrase("battery staple"), at: Self.start)
        try node.followChanges(at: Self.start)
        #expect(node.signingKeyID(at: Self.start) != nil)
        let before = directory.files()
        #expect(throws: KeyringError(.passphraseWrong, "")) { try node.rotate(immediately: true, at: Self.start) }
        #expect(directory.files() == before)

        let plain = TemporaryDirectory()
        let other = try Keyring.open(directory: plain.path, now: Self.start)
        _ = try Self.open(plain, nil).reencrypt(under: Self.passphrase(), at: Self.start)
        try other.followChanges(at: Self.start)
        #expect(throws: KeyringError(.passphraseMissing, "")) { try other.rotate(immediately: true, at: Self.start) }
        _ = try Self.open(plain, "correct horse").rotate(immediately: true, at: Self.start)
        #expect(Self.secretFiles(plain).count == 3)
    }

    @Test
    func `a lost keyring json is created again from key files of any encryption round, if they are encrypted`()
        throws
    {
        let (directory, keyring) = try Self.encrypted()
        let keyID = try #require(keyring.signingKeyID(at: Self.start))
        _ = try keyring.reencrypt(under: Self.passphrase(), at: Self.start)
        try KeyringDirectory(path: directory.path).remove("keyring.json")
        #expect(throws: KeyringError(.passphraseMissing, "")) {
            try Keyring.open(directory: directory.path, now: Self.start)
        }
        let again = try Keyring.open(directory: directory.path, passphrase: Self.passphrase(), now: Self.start)
        #expect(again.signingKeyID(at: Self.start) == keyID)

        let plain = TemporaryDirectory()
        _ = try Keyring.open(directory: plain.path, now: Self.start)
        try KeyringDirectory(path: plain.path).remove("keyring.json")
        #expect(throws: KeyringError(.notEncrypted, "")) {
            try Keyring.open(directory: plain.path, passphrase: Self.passphrase(), now: Self.start)
        }
    }

    @Test func `a changed byte in an encrypted HMAC key is detected`() throws {
        let encrypted = try EncryptedSecret.encrypt(.random(id: 3), under: Self.passphrase())
        for index in [0, 1, 2, 20, 41, 50, 89] {
            var changed = encrypted
            changed[index] ^= 1
            #expect(try EncryptedSecret.decrypt(changed, under: Self.passphrase()) == nil, "byte \(index)")
        }
        #expect(try EncryptedSecret.decrypt(encrypted, under: Self.passphrase())?.id == 3)
    }

    @Test func `a passphrase is one line of 8 to 1024 bytes from a file that only its owner can read`() throws {
        for text in ["", "1234567", String(repeating: "x", count: 1025), "two\nlines here", "zero\u{0}byte"] {
            #expect(throws: KeyringError(.passphraseUnusable, "")) { try Passphrase(text) }
        }
        let directory = TemporaryDirectory()
        for text in ["correct horse", "correct horse\n", "correct horse\r\nmore\n"] {
            try directory.write(Array(text.utf8), to: "passphrase")
            #expect(try Passphrase(file: "\(directory.path)/passphrase").bytes == Self.passphrase().bytes)
        }
        try directory.write(Array("correct horse".utf8), to: "open", mode: 0o644)
        #expect(throws: KeyringError(.insecureMode, "")) { try Passphrase(file: "\(directory.path)/open") }
        #expect(throws: KeyringError(.inaccessible, "")) { try Passphrase(file: "\(directory.path)/none") }
    }

    @Test(
        arguments: [
            ("refresh-1.secret", 1, 0), ("refresh-255.7.secret", 255, 7), ("refresh-01.secret", nil, nil),
            ("refresh-1.0.secret", nil, nil), ("refresh-256.secret", nil, nil), ("refresh-1.2.3.secret", nil, nil),
            ("refresh-.secret", nil, nil), ("refresh-1.+1.secret", nil, nil),
        ] as [(String, UInt8?, Int64?)])
    func `only names that Signet writes are parsed as names of key files`(name: String, id: UInt8?, round: Int64?) {
        let parsed = RefreshSecretFile.Name(name)
        #expect(parsed?.id == id)
        #expect(parsed?.encryptionRound == round)
        let keyID = String(repeating: "k", count: 43)
        #expect(PrivateKeyFile(name: "\(keyID).pem")?.encryptionRound == 0)
        #expect(PrivateKeyFile(name: "\(keyID).12.pem")?.encryptionRound == 12)
        for name in [
            "\(keyID).0.pem", "\(keyID).01.pem", "\(keyID)x.pem", "\(keyID).1.1.pem", ".pem", "\(keyID).pem.new",
        ] {
            #expect(PrivateKeyFile(name: name) == nil)
        }
    }
}
