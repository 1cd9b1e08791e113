import Foundation
import SignetTesting
import TestSupport
import Testing

@testable import LocalFiles
@testable import SignetVerifier

@Suite("Keys in a file")
struct FileKeySourceTests {
    private let directory: URL
    private let path: String
    private let issuer: TestIssuer
    private let clock = MonotonicClock()

    init() throws {
        directory = FileManager.default.temporaryDirectory.appending(path: "signet-keys-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        path = directory.appending(path: "jwks.json").path(percentEncoded: false)
        issuer = try TestIssuer()
    }

    private func write(_ bytes: [UInt8], atomically: Bool = true) throws {
        try Data(bytes).write(to: URL(filePath: path), options: atomically ? .atomic : [])
    }

    private func source() throws -> FileKeySource {
        try FileKeySource(path: path, interval: .seconds(1), now: clock.now)
    }

    @Test func `are read again after the file changed, at most once per interval`() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(issuer.jwks)
        let source = try source()
        #expect(source.keysAtHand()?.count == 1)
        let first = issuer.keyID
        let second = try issuer.rotateKey()
        try write(issuer.jwks)
        #expect(source.keysAtHand()?.contains(second) == false)
        clock.advance(by: .seconds(1))
        #expect(source.keysAtHand()?.contains(second) == true)
        issuer.withdrawKey(first)
        try write(issuer.jwks, atomically: false)
        clock.advance(by: .seconds(1))
        #expect(source.keysAtHand()?.contains(first) == false)
    }

    @Test(arguments: ["", "{}", #"{"keys":[]"#, nil])
    func `stay in use if the file becomes unreadable, and the fault is reported`(content: String?) async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(issuer.jwks)
        let source = try source()
        if let content { try write(Array(content.utf8)) } else { try FileManager.default.removeItem(atPath: path) }
        clock.advance(by: .seconds(1))
        #expect(source.keysAtHand()?.contains(issuer.keyID) == true)
        #expect(source.fault != nil)
        try write(issuer.jwks)
        clock.advance(by: .seconds(1))
        #expect(try await source.keys(for: "unknown").contains(issuer.keyID))
        #expect(source.fault == nil)
    }

    @Test func `are withdrawn if the file has no usable key, until it has keys again`() async throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        try write(issuer.jwks)
        let source = try source()
        let verifier = Verifier(policy: try issuer.policy(), keys: source)
        let token = try issuer.token()
        _ = try await verifier.verify(token)
        try write(Array(#"{"keys":[]}"#.utf8))
        clock.advance(by: .seconds(1))
        await #expect(throws: VerificationError(.keysUnavailable, "")) { try await verifier.verify(token) }
        #expect(source.fault != nil)
        try write(issuer.jwks)
        clock.advance(by: .seconds(1))
        _ = try await verifier.verify(token)
        #expect(source.fault == nil)
    }

    @Test func `are those of the later check if two checks overlap`() throws {
        let fingerprint = FileFingerprint(
            device: 1, inode: 1, size: 1, modifiedSeconds: 1, modifiedNanoseconds: 1, changedSeconds: 1,
            changedNanoseconds: 1)
        let start = clock.now()
        let first = try KeySet(jwks: issuer.jwks)
        let older = try KeySet(jwks: issuer.jwks)
        let newer = try KeySet(jwks: issuer.jwks)
        var state = KeyFileState(keys: first, fingerprint: fingerprint, readAt: start, nextLook: start)
        let begun = state.begin(at: start, interval: .seconds(1))
        let tooSoon = state.begin(at: start, interval: .seconds(1))
        let begunLater = state.begin(at: start + .seconds(1), interval: .seconds(1))
        #expect(tooSoon == nil)
        let slow = try #require(begun)
        let quick = try #require(begunLater)
        state.end(quick, found: .success((newer, fingerprint)), at: start)
        state.end(slow, found: .success((older, fingerprint)), at: start)
        #expect(state.keys.serialNumber == newer.serialNumber)
        state.end(slow, found: .failure(ConfigurationError(.unusableKeys, "")), at: start)
        #expect(state.fault == nil)
    }

    @Test func `must be usable when the source is created`() throws {
        defer { try? FileManager.default.removeItem(at: directory) }
        #expect(throws: ConfigurationError(.unusableKeys, "")) { try source() }
        try write(Array(#"{"keys":[]}"#.utf8))
        #expect(throws: ConfigurationError(.unusableKeys, "")) { try source() }
        try write([UInt8](repeating: 0x20, count: 262_145))
        #expect(throws: ConfigurationError(.unusableKeys, "")) { try source() }
        #expect(throws: ConfigurationError(.unusableKeys, "")) {
            try FileKeySource(path: directory.path(percentEncoded: false))
        }
        for interval in [Duration.zero, .seconds(-1), .seconds(86_401)] {
            #expect(throws: ConfigurationError(.outOfRange, "")) { try FileKeySource(path: path, interval: interval) }
        }
    }
}
