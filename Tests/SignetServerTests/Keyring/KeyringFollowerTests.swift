import Foundation
import SignetIssuer
import SignetKeyring
import SignetStore
import TestSupport
import Testing

@testable import SignetServer

/// Tests of `KeyringFollower`, which keeps a service's keyring up to date: it loads changes by other processes and
/// makes changes that are due. The tests call `round(at:)` with times that they choose.
@Suite("Keyring follower")
struct KeyringFollowerTests {
    static func at(_ days: Int64, _ seconds: Int64 = 0) -> Timestamp { KeyringNode.at(days, seconds) }

    /// Makes every write of `keyring.json` fail, by creating a directory with the name of its temporary file.
    static func obstruct(_ directory: TemporaryDirectory) throws {
        try FileManager.default.createDirectory(
            atPath: "\(directory.path)/keyring.json.new", withIntermediateDirectories: false)
    }

    static func clear(_ directory: TemporaryDirectory) throws {
        try FileManager.default.removeItem(atPath: "\(directory.path)/keyring.json.new")
    }

    @Test func `a failed change is tried again after 30 seconds and logged once`() throws {
        let directory = TemporaryDirectory()
        let node = try KeyringNode(directory)
        try Self.obstruct(directory)
        #expect(node.follower.round(at: Self.at(29)).isEmpty)
        #expect(node.faults.count == 1)
        #expect(node.faults.first?.contains("changing the keys: cannot ") == true, "\(node.faults)")
        try Self.clear(directory)
        for seconds in [1, 15, 29] as [Int64] { #expect(node.follower.round(at: Self.at(29, seconds)).isEmpty) }
        let changes = node.follower.round(at: Self.at(29, 30))
        #expect(changes.map(\.summary) == ["key generated", "key scheduled"])
        #expect(node.faults.count == 1)

        // In two minutes, four attempts to change the keys fail for the same reason. `KeyringFollower` logs the fault
        // only once.
        let full = TemporaryDirectory()
        let other = try KeyringNode(full)
        try Self.obstruct(full)
        for seconds in 0..<120 as Range<Int64> { #expect(other.follower.round(at: Self.at(29, seconds)).isEmpty) }
        #expect(other.faults.count == 1)
        // `KeyringFollower` waits 30 seconds after a failed attempt. This wait must not become longer if the clock
        // steps back.
        try Self.clear(full)
        #expect(other.follower.round(at: Self.at(29, -1)).isEmpty)
        #expect(other.follower.round(at: Self.at(29, 1)).count == 2)
    }

    @Test func `a fault is logged once, again on SIGHUP, and again when it returns`() throws {
        let directory = TemporaryDirectory()
        let node = try KeyringNode(directory)
        let file = "\(directory.path)/keyring.json"
        let good = try #require(FileManager.default.contents(atPath: file))
        func write(_ data: Data) throws {
            try FileManager.default.removeItem(atPath: file)
            try data.write(to: URL(filePath: file))
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        }
        let kid = node.keyring.signingKeyID(at: Self.at(1))
        try write(Data("garbage".utf8))
        for seconds in 0..<100 as Range<Int64> { _ = node.follower.round(at: Self.at(1, seconds)) }
        #expect(node.faults.count == 1)
        #expect(node.faults.first?.hasPrefix("reading the keys: keyring.json: ") == true, "\(node.faults)")
        #expect(node.keyring.signingKeyID(at: Self.at(1)) == kid)
        _ = node.follower.round(rereading: true, at: Self.at(1, 100))
        #expect(node.faults.count == 2)
        // Restore the good `keyring.json`, let the follower read it, and damage it again. The follower must log the
        // second damage, too.
        try write(good)
        _ = node.follower.round(at: Self.at(1, 101))
        try write(Data("garbage".utf8))
        _ = node.follower.round(at: Self.at(1, 102))
        #expect(node.faults.count == 3)
    }

    @Test func `a service with rotation off does not rotate, even if the keyring document says otherwise`() throws {
        let directory = TemporaryDirectory()
        let off = try KeyPolicy(
            rotationInterval: nil, lead: .seconds(86_400), maxAge: .seconds(300), accessTokenLifetime: .seconds(900),
            sessionLifetime: .seconds(90 * 86_400))
        let node = try KeyringNode(directory, policy: off)
        for day in 28...100 as ClosedRange<Int64> { #expect(node.follower.round(at: Self.at(day)).isEmpty) }
        let other = try KeyringNode(directory)
        let waiting = try #require(try other.keyring.generate(at: Self.at(100)).first?.keyID)
        #expect(node.follower.round(at: Self.at(100, 60)).isEmpty)
        #expect(node.keyring.listing(at: Self.at(100, 60)).last?.keyID == waiting)
        #expect(node.keyring.listing(at: Self.at(100, 60)).last?.activatesAt == nil)
        #expect(other.follower.round(at: Self.at(100, 60)).map(\.summary) == ["key scheduled"])
        // From day 101 on, the new key signs, which `other` scheduled. `node` does not rotate keys itself, but it must
        // retire the old key.
        _ = node.follower.round(at: Self.at(101, 60))
        #expect(node.follower.round(at: Self.at(101, 7300)).map(\.summary) == ["key retired, private half deleted"])
    }

    /// Two services share the keys. During a key rotation, the clock of one service repeatedly jumps by `jump` seconds
    /// and back. `jump` is ten seconds less than the hour that the keyring tolerates, because generating a key takes
    /// time.
    @Test(arguments: [3590, -3590] as [Int64])
    func `a clock that jumps by an hour removes no key and activates none before verifiers have it`(
        jump: Int64
    ) throws {
        let directory = TemporaryDirectory()
        let right = try KeyringNode(directory)
        let jumping = try KeyringNode(directory)
        var publishedSince: [String: Int64] = [:]
        var signers: Set<String> = []
        let begin: Int64 = 28 * 86_400
        for seconds in stride(from: begin, to: begin + 4 * 86_400, by: 7 * 60) {
            let isOff = seconds / 3000 % 2 == 0
            let now = Self.at(0, seconds)
            let times = [now, now + .seconds(isOff ? jump : 0)]
            for (node, time) in zip([right, jumping], times) { _ = node.follower.round(at: time) }
            for (node, time) in zip([right, jumping], times) {
                let signer = try #require(node.keyring.signingKeyID(at: time))
                signers.insert(signer)
                let since = publishedSince[signer] ?? seconds
                #expect(since == begin || seconds - since >= 300, "at \(seconds)")
                #expect(directory.names.contains("\(signer).pem"), "at \(seconds)")
                for (other, otherTime) in zip([right, jumping], times) {
                    let body = String(decoding: other.keyring.publishedKeys(at: otherTime).body, as: UTF8.self)
                    #expect(body.contains(signer), "at \(seconds)")
                }
            }
            for key in right.keyring.listing(at: now) where publishedSince[key.keyID] == nil {
                publishedSince[key.keyID] = seconds
            }
        }
        #expect(signers.count == 2)
        #expect(right.faults.isEmpty && jumping.faults.isEmpty, "\(right.faults + jumping.faults)")
    }

    @Test
    func `after a clock ran forty days ahead, a command corrects the key times and the service schedules the next key`()
        throws
    {
        let directory = TemporaryDirectory()
        let node = try KeyringNode(directory)
        let first = try #require(node.keyring.signingKeyID(at: Self.at(10)))
        #expect(node.follower.round(at: Self.at(50)).map(\.summary) == ["key generated", "key scheduled"])
        let next = try #require(node.keyring.listing(at: Self.at(10)).last)
        #expect(try #require(next.activatesAt) >= Self.at(51))
        for seconds in 0..<10 as Range<Int64> { #expect(node.follower.round(at: Self.at(10, seconds)).isEmpty) }
        #expect(node.faults.count == 1)
        #expect(node.faults.first?.contains("'signet keys rotate'") == true, "\(node.faults)")
        #expect(node.keyring.signingKeyID(at: Self.at(10)) == first)
        // `keyring.json` says that its last change was on day 50, but today is day 10. Any command that changes the
        // keyring corrects this date, for example the rotation of the HMAC key of refresh tokens.
        let other = try Keyring.openExisting(directory: directory.path, now: Self.at(10))
        _ = try other.rotateRefreshSecret(at: Self.at(10, 20))
        #expect(node.follower.round(at: Self.at(10, 21)) == [.scheduled(keyID: next.keyID, activatesAt: Self.at(30))])
        #expect(node.follower.round(at: Self.at(10, 22)).isEmpty)
        #expect(node.keyring.signingKeyID(at: Self.at(30)) == next.keyID)
    }
}
