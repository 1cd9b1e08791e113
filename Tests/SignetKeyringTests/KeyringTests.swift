import Foundation
import JOSE
import RSASigning
import RSAVerification
import SignetStore
import TestSupport
import Testing

@testable import SignetKeyring

@Suite struct KeyringTests {
    static let now = Timestamp(milliseconds: 1_800_000_000_250)

    static func open(_ directory: TemporaryDirectory, _ folder: String = "keys") throws(KeyringError) -> Keyring {
        try Keyring.open(directory: "\(directory.path)/\(folder)", now: now)
    }

    /// A directory with a new keyring.
    static func filled() throws -> (directory: TemporaryDirectory, keyID: String) {
        let directory = TemporaryDirectory()
        let keyring = try Keyring.open(directory: directory.path, now: now)
        return (directory, try #require(keyring.listing(at: now).first).keyID)
    }

    /// Expects `open` and `openExisting` to throw `code` with a text that contains `hint`, and to change no file.
    static func expectRefusal(
        _ code: KeyringError.Code, _ hint: String, _ directory: TemporaryDirectory,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let before = directory.files()
        for mayCreate in [true, false] {
            do {
                _ =
                    mayCreate
                    ? try Keyring.open(directory: directory.path, now: now)
                    : try Keyring.openExisting(directory: directory.path, now: now)
                Issue.record("opened", sourceLocation: sourceLocation)
            } catch {
                #expect(error.code == code, "\(error)", sourceLocation: sourceLocation)
                #expect(error.detail.contains(hint), "\(error)", sourceLocation: sourceLocation)
            }
        }
        #expect(directory.files() == before, sourceLocation: sourceLocation)
    }

    @Test func `the first start creates a directory, a key and an HMAC key that only the owner can read`() throws {
        let directory = TemporaryDirectory()
        let keyring = try Self.open(directory, "a/b/keys")
        #expect(try directory.mode(of: "a/b/keys") == 0o700)
        let listing = try #require(keyring.listing(at: Self.now).first)
        #expect(listing.state == .active)
        #expect(listing.isSigning)
        #expect(listing.bits == 2048)
        let names = directory.files(in: "a/b/keys").keys.sorted()
        #expect(names == [".lock", "\(listing.keyID).pem", "keyring.json", "refresh-1.secret"].sorted())
        for name in names { #expect(try directory.mode(of: "a/b/keys/\(name)") == 0o600) }
    }

    @Test func `the next start loads the same keys and changes no file`() throws {
        let directory = TemporaryDirectory()
        let first = try Self.open(directory)
        let files = directory.files(in: "keys")
        let second = try Self.open(directory)
        #expect(directory.files(in: "keys") == files)
        #expect(second.listing(at: Self.now) == first.listing(at: Self.now))
        #expect(second.publishedKeys(at: Self.now) == first.publishedKeys(at: Self.now))
        #expect(second.refreshSecrets(at: Self.now)[1] == first.refreshSecrets(at: Self.now)[1])
    }

    @Test func `the key ID is the RFC 7638 thumbprint and the PEM is PKCS#8`() throws {
        let (directory, keyID) = try Self.filled()
        let pem = String(decoding: try #require(directory.files()["\(keyID).pem"]), as: UTF8.self)
        #expect(pem.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        let key = try RSAPrivateKey(pem: pem).publicKey
        let input = #"{"e":"\#(Base64URL.encode(key.exponent))","kty":"RSA","n":"\#(Base64URL.encode(key.modulus))"}"#
        #expect(keyID == Base64URL.encode(SHA256.digest(Array(input.utf8))))
    }

    @Test func `processes that start at the same time open the same keyring`() async throws {
        let directory = TemporaryDirectory()
        let keyIDs = try await withThrowingTaskGroup(of: [String].self) { group in
            for _ in 0..<8 {
                group.addTask { try Self.open(directory).listing(at: Self.now).map(\.keyID) }
            }
            return try await group.reduce(into: Set<[String]>()) { $0.insert($1) }
        }
        #expect(keyIDs.count == 1)
        #expect(directory.files(in: "keys").keys.filter { $0.hasSuffix(".pem") }.count == 1)
    }

    @Test func `the next start completes whatever files a crashed first start left`() throws {
        let (model, keyID) = try Self.filled()
        let files = model.files()
        let secret = try #require(files["refresh-1.secret"])
        let pem = try #require(files["\(keyID).pem"])
        let json = try #require(files["keyring.json"])
        let points: [[String: [UInt8]]] = [
            [:],
            [".lock": []],
            ["refresh-1.secret.new": []],
            ["refresh-1.secret.new": Array(secret.prefix(10))],
            ["refresh-1.secret": secret],
            ["refresh-1.secret": secret, "\(keyID).pem.new": Array(pem.prefix(100))],
            ["refresh-1.secret": secret, "\(keyID).pem.new": pem],
            ["refresh-1.secret": secret, "\(keyID).pem": pem],
            ["refresh-1.secret": secret, "\(keyID).pem": pem, "keyring.json.new": Array(json.prefix(20))],
            ["refresh-1.secret": secret, "\(keyID).pem": pem, "keyring.json.new": json],
        ]
        for point in points {
            let directory = TemporaryDirectory()
            for (name, bytes) in point { try directory.write(bytes, to: name) }
            let keyring = try Keyring.open(directory: directory.path, now: Self.now)
            let found = try #require(keyring.listing(at: Self.now).first).keyID
            if point["\(keyID).pem"] != nil { #expect(found == keyID) }
            if point["refresh-1.secret"] != nil { #expect(directory.files()["refresh-1.secret"] == secret) }
            #expect(
                directory.files().keys.sorted()
                    == [".lock", "\(found).pem", "keyring.json", "refresh-1.secret"].sorted())
            _ = try Keyring.openExisting(directory: directory.path, now: Self.now)
        }
    }

    @Test func `a directory with two private keys and no keyring json is refused`() throws {
        let (directory, _) = try Self.filled()
        let (other, otherKeyID) = try Self.filled()
        try directory.write(try #require(other.files()["\(otherKeyID).pem"]), to: "\(otherKeyID).pem")
        try FileManager.default.removeItem(atPath: "\(directory.path)/keyring.json")
        let before = directory.files()
        #expect(throws: KeyringError(.corrupt, "")) { try Keyring.open(directory: directory.path, now: Self.now) }
        #expect(directory.files() == before)
    }

    @Test func `opening an existing keyring fails if there is none`() throws {
        let directory = TemporaryDirectory()
        #expect(throws: KeyringError(.missing, "")) { try Keyring.openExisting(directory: directory.path) }
        #expect(throws: KeyringError(.missing, "")) { try Keyring.openExisting(directory: "\(directory.path)/none") }
        #expect(directory.files().isEmpty)
    }

    @Test func `a keyring of a newer version is refused`() throws {
        let (directory, _) = try Self.filled()
        try directory.write(Array(#"{"version":3,"whatever":true}"#.utf8), to: "keyring.json")
        Self.expectRefusal(.newerVersion, "version 3", directory)
    }

    @Test(arguments: [
        ("", "JSON"), ("{", "JSON"), ("[]", "JSON"), ("null", "JSON"), ("{}", "version"),
        (#"{"version":"1"}"#, "version"),
        (#"{"version":0}"#, "version"), (#"{"version":1}"#, "keys"), (#"{"version":1,"keys":[]}"#, "keys"),
        (#"{"version":1,"keys":[1]}"#, "keys[0]"), (#"{"version":1,"keys":[{}]}"#, "keys[0].kid"),
        (#"{"version":1,"version":1}"#, "JSON"),
        (#"{"version":1,"keys":[{"kid":"x","n":"AQAB","e":"AQAB"}]}"#, "thumbprint"),
    ])
    func `a damaged keyring json is refused with its fault`(text: String, hint: String) throws {
        let (directory, _) = try Self.filled()
        try directory.write(Array(text.utf8), to: "keyring.json")
        Self.expectRefusal(.corrupt, hint, directory)
    }

    @Test func `a keyring json that is truncated anywhere is refused`() throws {
        let (directory, _) = try Self.filled()
        let bytes = try #require(directory.files()["keyring.json"])
        for count in stride(from: 0, to: bytes.count - 2, by: 41) {
            try directory.write(Array(bytes.prefix(count)), to: "keyring.json")
            #expect(throws: KeyringError(.corrupt, "")) { try Keyring.open(directory: directory.path, now: Self.now) }
        }
    }

    @Test(arguments: [
        (#""createdAt":1800000000"#, #""createdAt":"now""#, "createdAt"),
        (#""activatesAt":1800000000"#, #""activatesAt":-1"#, "activatesAt"),
        (#""activatesAt":1800000000"#, #""activatesAt":1800000000,"retiresAt":5"#, "order"),
        (
            #""activatesAt":1800000000"#, #""activatesAt":1800000000,"retiresAt":1800000001,"removedAt":1800000000"#,
            "order"
        ),
        (#""id":1"#, #""id":256"#, "id"), (#""fingerprint":"#, #""finger":"#, "fingerprint"),
        (#""e":"AQAB""#, #""e":"AQAD""#, "thumbprint"),
    ])
    func `a member with an invalid value is refused by name`(found: String, replacement: String, hint: String) throws {
        let (directory, _) = try Self.filled()
        let text = String(decoding: try #require(directory.files()["keyring.json"]), as: UTF8.self)
        let changed = text.replacingOccurrences(of: found, with: replacement)
        try #require(changed != text)
        try directory.write(Array(changed.utf8), to: "keyring.json")
        Self.expectRefusal(.corrupt, hint, directory)
    }

    @Test func `a missing or damaged private key, or one of another keyring, is refused`() throws {
        let (directory, keyID) = try Self.filled()
        let (other, otherKeyID) = try Self.filled()
        let name = "\(keyID).pem"
        let pem = try #require(directory.files()[name])
        try directory.write(Array(pem.prefix(300)), to: name)
        Self.expectRefusal(.corrupt, name, directory)
        try directory.write(try #require(other.files()["\(otherKeyID).pem"]), to: name)
        Self.expectRefusal(.corrupt, "another key", directory)
        try directory.write([UInt8](repeating: 0x41, count: 300_000), to: name)
        Self.expectRefusal(.corrupt, "more than", directory)
        try FileManager.default.removeItem(atPath: "\(directory.path)/\(name)")
        Self.expectRefusal(.corrupt, "missing", directory)
    }

    @Test func `the private half of a key is needed until it retires`() throws {
        let (directory, keyID) = try Self.filled()
        let text = String(decoding: try #require(directory.files()["keyring.json"]), as: UTF8.self)
        let start = "\"activatesAt\":1800000000"
        let changed = text.replacingOccurrences(of: start, with: start + ",\"retiresAt\":1800000010")
        try directory.write(Array(changed.utf8), to: "keyring.json")
        let open = { (seconds: Int64) in
            try Keyring.openExisting(directory: directory.path, now: Timestamp(seconds: seconds))
        }
        #expect(try open(1_800_000_009).signingKeyID(at: Timestamp(seconds: 1_800_000_009)) == keyID)
        try FileManager.default.removeItem(atPath: "\(directory.path)/\(keyID).pem")
        #expect(throws: KeyringError(.corrupt, "")) { try open(1_800_000_009) }
        let retired = try open(1_800_000_010)
        #expect(retired.publishedKeys(at: Timestamp(seconds: 1_800_000_010)).keyIDs == [keyID])
        #expect(retired.signingKey(at: Timestamp(seconds: 1_800_000_010)) == nil)
    }

    @Test func `a missing or damaged HMAC key, or one of another keyring, is refused`() throws {
        let (directory, _) = try Self.filled()
        let (other, _) = try Self.filled()
        let secret = try #require(directory.files()["refresh-1.secret"])
        for bytes in [
            [], Array(secret.dropLast()), secret + [0], [2] + secret.dropFirst(), [1, 2] + secret.dropFirst(2),
            Array(secret.dropLast()) + [(secret.last ?? 0) ^ 1], try #require(other.files()["refresh-1.secret"]),
        ] {
            try directory.write(bytes, to: "refresh-1.secret")
            Self.expectRefusal(.corrupt, "refresh-1.secret", directory)
        }
        try FileManager.default.removeItem(atPath: "\(directory.path)/refresh-1.secret")
        Self.expectRefusal(.corrupt, "missing", directory)
    }

    @Test(arguments: [0o640, 0o604, 0o620, 0o602, 0o610, 0o777])
    func `key files that other users can read or change are refused with the command to run`(mode: Int) throws {
        let (directory, keyID) = try Self.filled()
        for name in ["\(keyID).pem", "refresh-1.secret"] {
            try Self.chmod(mode, "\(directory.path)/\(name)")
            Self.expectRefusal(.insecureMode, "chmod 600 \(directory.path)/\(name)", directory)
            try Self.chmod(0o600, "\(directory.path)/\(name)")
        }
        _ = try Keyring.open(directory: directory.path, now: Self.now)
    }

    @Test func `other users may read keyring json, but not change it or write to the directory`() throws {
        let (directory, _) = try Self.filled()
        let file = "\(directory.path)/keyring.json"
        try Self.chmod(0o644, file)
        _ = try Keyring.open(directory: directory.path, now: Self.now)
        try Self.chmod(0o664, file)
        Self.expectRefusal(.insecureMode, "chmod 644 \(file)", directory)
        try Self.chmod(0o600, file)
        try Self.chmod(0o777, directory.path)
        Self.expectRefusal(.insecureMode, "chmod 700 \(directory.path)", directory)
    }

    @Test func `a path that cannot be a directory is refused`() throws {
        let directory = TemporaryDirectory()
        try directory.write([1], to: "file")
        for folder in ["file", "file/keys", "file/keys/deep"] {
            #expect(throws: KeyringError(.inaccessible, "")) { try Self.open(directory, folder) }
        }
        #expect(directory.files() == ["file": [1]])
    }

    @Test func `no error text holds key material`() throws {
        let (directory, keyID) = try Self.filled()
        let pem = String(decoding: try #require(directory.files()["\(keyID).pem"]), as: UTF8.self)
        let line = try #require(pem.split(separator: "\n").dropFirst(3).first)
        try directory.write(Array(pem.dropLast(200).utf8), to: "\(keyID).pem")
        do {
            _ = try Keyring.open(directory: directory.path, now: Self.now)
            Issue.record("opened")
        } catch {
            #expect(!error.description.contains(line.prefix(16)))
        }
    }

    private static func chmod(_ mode: Int, _ path: String) throws {
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
}
