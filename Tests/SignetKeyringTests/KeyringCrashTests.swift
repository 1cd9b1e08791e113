import Foundation
import JOSE
import RSASigning
import SignetStore
import TestSupport
import Testing

@testable import SignetKeyring

/// Real processes that are killed, or meet a full or a broken disk, at each call that changes a file.
@Suite(.serialized) struct KeyringCrashTests {
    static let passphrase = "correct horse battery"
    /// One lead before the rotation of the samples is due.
    static let due = KeyringLifeTests.at(29).seconds

    /// What there is to be changed: a keyring as it lies on the disk, at a time, and how it is changed.
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

        /// Opens whichever of the two versions is there.
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
            let kid = keyring.signingKeyID(at: KeyringLifeTests.start) ?? ""
            let pem = try RSAKeyPair.make().key.pem()
            // A key that is to retire, beside its successor.
            _ = try keyring.rotate(immediately: true, at: KeyringLifeTests.at(1))
            let two = directory.files()
            let sealed = TemporaryDirectory()
            let other = try Keyring.open(directory: sealed.path, now: KeyringLifeTests.start)
            _ = try other.reseal(under: try Passphrase(passphrase), at: KeyringLifeTests.start)
            return [
                Sample(change: "advance", files: plain),
                Sample(change: "advance", seconds: KeyringLifeTests.at(1, 7200).seconds, files: two),
                Sample(change: "rotate", files: plain),
                Sample(change: "revoke", argument: kid, files: plain),
                Sample(change: "import", argument: pem, files: plain),
                Sample(change: "secret", files: plain),
                Sample(change: "encrypt", argument: passphrase, passphraseAfter: passphrase, files: plain),
                Sample(
                    change: "remove", argument: passphrase, passphraseBefore: passphrase, files: sealed.files()),
            ]
        } catch {
            fatalError("\(error)")
        }
    }()

    @Test(arguments: samples)
    func `a node killed at any call leaves the keyring before or after, and the next one ends what it began`(
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
            // A start cleans up, and the change, made again, is whole.
            _ = try keyring.adopt(.standard, at: now)
            #expect(Self.leftovers(directory, keyring).isEmpty, "call \(number)")
            // Not after each call: it takes its time.
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
    func `a full or a broken disk at any call leaves a keyring that works, and says so`(sample: Sample) throws {
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
                // Deleting a draft that is not there may fail; whatever else does is reported.
                if end.outcome != "inaccessible" { #expect(isChanged, "call \(number): \(end.outcome ?? "killed")") }
                if !isChanged {
                    #expect(end.outcome == "inaccessible")
                    // No private key either that nobody names: there would be one more with each try.
                    let left = Self.leftovers(directory, keyring)
                    #expect(left.isEmpty, "call \(number): \(left)")
                }
            }
        }
    }

    @Test func `a first start killed at any call is completed by the next one`() throws {
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

    @Test func `of nodes that rotate at once exactly one does it, though some are killed`() throws {
        let directory = TemporaryDirectory()
        let keyring = try Keyring.open(directory: directory.path, now: KeyringLifeTests.start)
        for round in 1...8 as ClosedRange<Int64> {
            let now = KeyringLifeTests.at(30 * round - 1)
            let nodes = try (0..<4).map { _ in try KeyringChild("advance", directory.path, at: now.seconds) }
            for node in nodes { try node.begin() }
            // Somewhere within the tenth of a second or so that making a key takes.
            if round % 2 == 0 {
                let instant = ContinuousClock.now + .microseconds(Int.random(in: 0..<100_000))
                while ContinuousClock.now < instant {}
                nodes[Int.random(in: 0..<4)].kill()
            }
            let ends = nodes.map { $0.end() }
            let makers = ends.filter { $0.outcome?.contains("key generated") == true }
            #expect(makers.count <= 1)
            // Whoever lost the race has nothing to do; when the winner was killed, the next round does it.
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

    /// Files that the keyring does not name.
    private static func leftovers(_ directory: TemporaryDirectory, _ keyring: Keyring) -> Set<String> {
        let document = keyring.snapshot.document
        var names: Set = [".lock", "keyring.json"]
        let generation = document.sealing.generation
        for key in document.keys where key.hasPrivateHalf {
            names.insert(PrivateKeyFile(kid: key.kid, generation: generation).name)
        }
        for secret in document.refreshSecrets {
            names.insert(RefreshSecretFile.name(id: secret.id, generation: generation))
        }
        return Set(directory.files().keys).subtracting(names)
    }
}
