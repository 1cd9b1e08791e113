import Foundation
import JOSE
import RSASigning
import SignetStore
import TestSupport
import Testing

@testable import SignetKeyring

/// Tests of a process that fails at a system call that changes a file: the process is killed, or its disk is full or
/// broken. The tests try every such call.
@Suite(.serialized, .timeLimit(.minutes(20))) struct KeyringCrashTests {
    static let passphrase = "correct horse battery"
    /// The time at which a successor of the signing key has to be created.
    static let due = KeyringLifeTests.at(29).seconds

    /// The files of a keyring, and a change to make at a given time.
    struct Sample: Sendable, CustomTestStringConvertible {
        let change: String
        var seconds = KeyringCrashTests.due
        var argument = ""
        var passphraseBefore: String?
        var passphraseAfter: String?
        let files: [String: [UInt8]]

        var testDescription: String { change }

        func directory() throws -> TemporaryDirectory {
            let directory = TemporaryDirectory()
            for (name, bytes) in files { try directory.write(bytes, to: name) }
            return directory
        }

        /// Opens the keyring in `directory`, with the passphrase if the keyring is encrypted. A change that encrypts or
        /// decrypts the keyring may have been killed before or after it took effect.
        func open(_ directory: TemporaryDirectory) throws -> Keyring {
            let isEncrypted = try Keyring.overview(directory: directory.path).isEncrypted
            let text = isEncrypted ? passphraseBefore ?? passphraseAfter : nil
            return try Keyring.openExisting(
                directory: directory.path, passphrase: try text.map { try Passphrase($0) },
                now: Timestamp(seconds: seconds))
        }
    }

    static let samples: [Sample] = {
        do {
            let directory = TemporaryDirectory()
            let keyring = try Keyring.open(directory: directory.path, now: KeyringLifeTests.start)
            let plain = directory.files()
            let keyID = keyring.signingKeyID(at: KeyringLifeTests.start) ?? ""
            let pem = try RSAKeyPair.make().key.pem()
            // The second key signs from day 1 on. Two hours later, `advance` has to retire the first key.
            _ = try keyring.rotate(immediately: true, at: KeyringLifeTests.at(1))
            let two = directory.files()
            let encrypted = TemporaryDirectory()
            let other = try Keyring.open(directory: encrypted.path, now: KeyringLifeTests.start)
            _ = try other.reencrypt(under: try Passphrase(passphrase), at: KeyringLifeTests.start)
            return [
                Sample(change: "advance", files: plain),
                Sample(change: "advance", seconds: KeyringLifeTests.at(1, 7200).seconds, files: two),
                Sample(change: "rotate", files: plain),
                Sample(change: "revoke", argument: keyID, files: plain),
                Sample(change: "import", argument: pem, files: plain),
                Sample(change: "secret", files: plain),
                Sample(change: "encrypt", argument: passphrase, passphraseAfter: passphrase, files: plain),
                Sample(
                    change: "remove", argument: passphrase, passphraseBefore: passphrase, files: encrypted.files()),
            ]
        } catch {
            fatalError("\(error)")
        }
    }()

    @Test(arguments: samples)
    func `a node that is killed at any call leaves the old or the new keyring, and the next node completes the change`(
        sample: Sample
    ) throws {
        let before = try Self.document(sample.files)
        var calls = Int.max
        var number = 0
        var seen: Set<String> = []
        while number < calls {
            let directory = try sample.directory()
            let end = try KeyringChild.run(
                sample.change, directory.path, at: sample.seconds, .kill(number), sample.argument)
            if end.outcome != nil {
                calls = end.calls
                #expect(number >= calls, "call \(number) of \(calls) did not strike")
                break
            }
            let keyring = try sample.open(directory)
            let now = Timestamp(seconds: sample.seconds)
            let isBefore = keyring.snapshot.document == before
            seen.insert(isBefore ? "before" : "after")
            _ = try #require(keyring.signingKey(at: now)).token(with: [:])
            #expect(keyring.refreshSecrets(at: now)[1] != nil)
            // A service calls `adopt` when it starts. The call must delete the half-written files of the killed
            // process.
            _ = try keyring.adopt(.standard, at: now)
            #expect(Self.leftovers(directory, keyring).isEmpty, "call \(number)")
            // If the process was killed before the change, a second process must be able to make the change. To save
            // time, this is tested for every fourth call only.
            if isBefore && number % 4 == 0 {
                let again = try KeyringChild.run(
                    sample.change, directory.path, at: sample.seconds, .none, sample.argument)
                #expect(again.calls > 0, "call \(number): \(again.outcome ?? "killed")")
                let after = try sample.open(directory)
                #expect(after.snapshot.document != before)
                #expect(Self.leftovers(directory, after).isEmpty, "call \(number)")
            }
            number += 1
        }
        #expect(number >= 6)
        #expect(seen == ["before", "after"])
    }

    @Test(arguments: samples)
    func `a full or broken disk at any call is reported and leaves a working keyring`(sample: Sample) throws {
        let before = try Self.document(sample.files)
        let now = Timestamp(seconds: sample.seconds)
        let first = try sample.directory()
        let whole = try KeyringChild.run(sample.change, first.path, at: sample.seconds, .none, sample.argument)
        #expect(Set(first.files().keys) != Set(sample.files.keys) || sample.files != first.files())
        try #require(whole.calls >= 6, "\(whole.outcome ?? "killed")")
        for number in 0..<whole.calls {
            for fault in [KeyringChild.Fault.full(number), .broken(number)] {
                let directory = try sample.directory()
                let end = try KeyringChild.run(
                    sample.change, directory.path, at: sample.seconds, fault, sample.argument)
                let keyring = try sample.open(directory)
                _ = try #require(keyring.signingKey(at: now)).token(with: [:])
                let isChanged = keyring.snapshot.document != before
                // The process prints `inaccessible` if the change failed. If it printed anything else, the keyring must
                // have changed.
                if end.outcome != "inaccessible" { #expect(isChanged, "call \(number): \(end.outcome ?? "killed")") }
                if !isChanged {
                    #expect(end.outcome == "inaccessible")
                    // A failed change must leave no file that the keyring does not use. Otherwise every retry would add
                    // a key file.
                    let left = Self.leftovers(directory, keyring)
                    #expect(left.isEmpty, "call \(number): \(left)")
                }
            }
        }
    }

    @Test func `every call that changes a file is counted and can get a fault`() throws {
        let names = ["mkdir", "create", "write", "ftruncate", "fsync", "rename", "renameat", "unlink", "unlinkat"]
        func run(_ fault: KeyringChild.Fault) throws -> KeyringChild.End {
            let directory = TemporaryDirectory()
            defer { withExtendedLifetime(directory) {} }
            return try KeyringChild.run("calls", directory.path, at: 0, fault)
        }
        let whole = try run(.none)
        #expect(whole.outcome == "none")
        #expect(whole.calls == names.count)
        for (number, name) in names.enumerated() {
            #expect(try run(.full(number)).outcome == name)
            #expect(try run(.broken(number)).outcome == name)
            #expect(try run(.kill(number)).outcome == nil)
        }
    }

    @Test func `the next start completes a first start that was killed at any call`() throws {
        var number = 0
        while true {
            let directory = TemporaryDirectory()
            let path = "\(directory.path)/keys"
            let end = try KeyringChild.run("create", path, at: Self.due, .kill(number))
            let keyring = try Keyring.open(directory: path, now: Timestamp(seconds: Self.due))
            _ = try #require(keyring.signingKey(at: Timestamp(seconds: Self.due))).token(with: [:])
            #expect(directory.files(in: "keys").count == 4)
            if end.outcome != nil { break }
            number += 1
        }
        #expect(number >= 12)
    }

    @Test func `exactly one of several nodes rotates, even if some are killed`() throws {
        let directory = TemporaryDirectory()
        let keyring = try Keyring.open(directory: directory.path, now: KeyringLifeTests.start)
        for round in 1...8 as ClosedRange<Int64> {
            let now = KeyringLifeTests.at(30 * round - 1)
            let nodes = try (0..<4).map { _ in try KeyringChild("advance", directory.path, at: now.seconds) }
            for node in nodes { try node.begin() }
            // In every second round, kill one of the four processes within 0.1 s, while it may be generating a key.
            if round % 2 == 0 {
                let instant = ContinuousClock.now + .microseconds(Int.random(in: 0..<100_000))
                while ContinuousClock.now < instant {}
                nodes[Int.random(in: 0..<4)].kill()
            }
            let ends = nodes.map { $0.end() }
            let makers = ends.filter { $0.outcome?.contains("key generated") == true }
            #expect(makers.count <= 1)
            // If the killed process was the one that had to generate the next signing key, `advance` generates it now.
            try keyring.followChanges(at: now)
            _ = try keyring.advance(at: now)
            let next = keyring.snapshot.document.nextKeys(at: now)
            #expect(next.map(\.activatesAt) == [KeyringLifeTests.at(30 * round)])
            _ = try keyring.advance(at: KeyringLifeTests.at(30 * round, 7200))
            _ = try keyring.advance(at: KeyringLifeTests.at(30 * round, 86_000))
            #expect(keyring.listing(at: KeyringLifeTests.at(30 * round, 86_000)).count == 1)
        }
        _ = try keyring.adopt(.standard, at: KeyringLifeTests.at(8 * 30 + 1))
        #expect(Self.leftovers(directory, keyring).isEmpty)
    }

    private static func document(_ files: [String: [UInt8]]) throws -> KeyringDocument {
        try KeyringDocument(bytes: try #require(files["keyring.json"]))
    }

    /// The names of all files in `directory` that `keyring` does not use.
    private static func leftovers(_ directory: TemporaryDirectory, _ keyring: Keyring) -> Set<String> {
        let document = keyring.snapshot.document
        var names: Set = [".lock", "keyring.json"]
        let generation = document.encryption.round
        for key in document.keys where key.hasPrivateHalf {
            names.insert(PrivateKeyFile(keyID: key.keyID, encryptionRound: generation).name)
        }
        for secret in document.refreshSecrets {
            names.insert(RefreshSecretFile.Name(id: secret.id, encryptionRound: generation).text)
        }
        return Set(directory.files().keys).subtracting(names)
    }
}
