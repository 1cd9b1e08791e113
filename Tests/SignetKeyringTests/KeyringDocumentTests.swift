import JOSE
import SignetStore
import Testing

@testable import SignetKeyring

/// Tests of the bytes of `keyring.json`, which other nodes and later versions of Signet read.
@Suite struct KeyringDocumentTests {
    static func time(_ seconds: Int64) -> Timestamp { Timestamp(seconds: seconds) }

    static func record(_ modulus: [UInt8]) -> KeyRecord {
        KeyRecord(
            keyID: KeyringDocument.keyID(modulus: modulus, exponent: [1, 0, 1]), modulus: modulus, exponent: [1, 0, 1],
            createdAt: time(100), activatesAt: time(200))
    }

    static let sample: KeyringDocument = {
        var first = record([0xA1, 0xB2])
        first.retiresAt = time(300)
        first.removedAt = time(400)
        first.hasPrivateHalf = false
        var second = record([0xC3, 0xD4])
        second.activatesAt = nil
        return KeyringDocument(
            keys: [first, second],
            refreshSecrets: [
                RefreshSecretRecord(
                    id: 1, fingerprint: [1, 2, 3], createdAt: time(100), activatesAt: time(100), removedAt: time(900)),
                RefreshSecretRecord(id: 2, fingerprint: [4, 5, 6], createdAt: time(150), activatesAt: time(270)),
            ],
            revocations: [KeyRevocation(keyID: "abc", revokedAt: time(250))],
            policy: EffectiveKeyPolicy(
                rotationInterval: .seconds(1000), lead: .seconds(600), maxAge: PromisedDuration(.seconds(60)),
                accessTokens: PromisedDuration(.seconds(900), earlierUntil: time(1200)),
                sessions: PromisedDuration(.seconds(5000))),
            encryption: KeyringEncryption(round: 3, isEncrypted: true), writtenAt: time(280))
    }()

    @Test func `version 2 has these bytes and reads back equal`() throws {
        let firstKeyID = Self.sample.keys[0].keyID
        let secondKeyID = Self.sample.keys[1].keyID
        let text =
            #"{"version":2,"writtenAt":280,"sealing":{"generation":3,"encrypted":true},"#
            + #""terms":{"lead":600,"rotation":1000,"maxAge":60,"accessTokens":900,"accessTokensEarlierUntil":1200,"#
            + #""sessions":5000},"keys":[{"kid":"\#(firstKeyID)","alg":"RS256","n":"obI","e":"AQAB","createdAt":100,"#
            + #""activatesAt":200,"retiresAt":300,"removedAt":400,"privateHalf":false},"#
            + #"{"kid":"\#(secondKeyID)","alg":"RS256","n":"w9Q","e":"AQAB","createdAt":100}],"#
            + #""refreshSecrets":[{"id":1,"fingerprint":"AQID","createdAt":100,"activatesAt":100,"removedAt":900},"#
            + #"{"id":2,"fingerprint":"BAUG","createdAt":150,"activatesAt":270}],"#
            + #""revocations":[{"kid":"abc","revokedAt":250}]}"# + "\n"
        #expect(String(decoding: Self.sample.bytes, as: UTF8.self) == text)
        #expect(try KeyringDocument(bytes: Array(text.utf8)) == Self.sample)
    }

    @Test func `version 1 is read with the longest lifetimes that its settings allowed`() throws {
        let keyID = Self.sample.keys[0].keyID
        let text =
            #"{"version":1,"keys":[{"kid":"\#(keyID)","alg":"RS256","n":"obI","e":"AQAB","createdAt":100,"#
            + #""activatesAt":200}],"refreshSecrets":[{"id":7,"fingerprint":"AQID","createdAt":150}]}"# + "\n"
        let document = try KeyringDocument(bytes: Array(text.utf8))
        #expect(document.keys == [Self.record([0xA1, 0xB2])])
        #expect(
            document.refreshSecrets == [
                RefreshSecretRecord(
                    id: 7, fingerprint: [1, 2, 3], createdAt: Self.time(150), activatesAt: Self.time(150))
            ])
        #expect(document.encryption == .none)
        #expect(document.policy.accessTokens.duration == .seconds(86_400))
        let adopted = document.policy.adopting(.standard, at: Self.time(1000))
        #expect(adopted.accessTokens.earlierUntil == Self.time(1000 + 2 + 86_400))
    }

    @Test(arguments: [
        (#""writtenAt":280,"#, "", "writtenAt"), (#""lead":600,"#, "", "lead"), (#""lead":600"#, #""lead":0"#, "lead"),
        (#""maxAge":60"#, #""maxAge":"60""#, "maxAge"), (#""generation":3"#, #""generation":-1"#, "sealing"),
        (#""encrypted":true"#, #""encrypted":1"#, "encrypted"),
        (#""privateHalf":false"#, #""privateHalf":0"#, "privateHalf"),
        (#""revokedAt":250"#, #""revokedAt":null"#, "revokedAt"), (#""kid":"abc""#, #""kit":"abc""#, "revocations[0]"),
        (#""activatesAt":200,"#, "", "order"), (#""revocations":"#, #""revoked":"#, "revocations"),
    ])
    func `members that version 2 added are checked`(found: String, replacement: String, hint: String) throws {
        let text = String(decoding: Self.sample.bytes, as: UTF8.self)
        let changed = text.replacing(found, with: replacement)
        try #require(changed != text)
        do {
            _ = try KeyringDocument(bytes: Array(changed.utf8))
            Issue.record("read")
        } catch {
            #expect(error.code == .corrupt)
            #expect(error.detail.contains(hint), "\(error)")
        }
    }

    @Test func `at most 256 revocations are kept, and the oldest are forgotten first`() {
        var document = Self.sample
        for number in 0..<300 { document.revoke("kid-\(number)", at: Self.time(300)) }
        #expect(document.revocations.count == 256)
        #expect(document.revocations.last?.keyID == "kid-299")
    }
}
