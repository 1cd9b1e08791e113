import JOSE
import SignetKeyring
import SignetStore
import Testing

@testable import SignetIssuer

@Suite struct RefreshTokenTests {
    static let secrets = RefreshSecrets(
        currentID: 1,
        secrets: [1: [UInt8](repeating: 0xA1, count: 32), 2: [UInt8](repeating: 0xB2, count: 32)])
    static let mint = RefreshTokenMint(secrets: secrets)

    @Test func `the text form is srt_ and the base64url of 54 bytes in a fixed order`() throws {
        let token = try Self.mint.currentToken(of: RotationDecisionTests.family(generation: 0x0102_0304))
        #expect(token.text.hasPrefix("srt_"))
        let bytes = try #require(Base64URL.decode(token.text.utf8.dropFirst(4)))
        try #require(bytes.count == 54)
        #expect(bytes[0] == 1)
        #expect(bytes[1] == 1)
        #expect(Array(bytes[2..<18]) == FamilyID(high: 1, low: 2).bytes)
        #expect(Array(bytes[18..<22]) == [1, 2, 3, 4])
        #expect(Array(bytes[22...]) == token.tag)
        #expect(RefreshToken(token.text) == token)
    }

    @Test func `the tag equals the HMAC of Python's hmac module`() throws {
        // Python computed the expected tag with hmac.new(b"\xa1" * 32, b"signet refresh token v1" + family + generation
        // + salt, "sha256").
        let token = try Self.mint.currentToken(of: RotationDecisionTests.family())
        let hexadecimal = token.tag.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(hexadecimal == "a4940945e3d2f62940421e31c1f14598a55fafcc904b2c608908ca02c579ca94")
    }

    @Test func `a token whose HMAC key could not be read is neither genuine nor forged`() throws {
        var family = RotationDecisionTests.family()
        family.secretID = 2
        let token = try Self.mint.currentToken(of: family)
        let mint = RefreshTokenMint(
            secrets: RefreshSecrets(currentID: 1, secrets: [1: [UInt8](repeating: 0xA1, count: 32)], unreadable: [2]))
        #expect(throws: IssuerError(.storeUnavailable, "")) { try mint.isGenuine(token, of: family) }
        #expect(throws: IssuerError(.storeUnavailable, "")) { try mint.currentToken(of: family) }
    }

    @Test func `a family's current token is the same at every call`() throws {
        let family = RotationDecisionTests.family()
        #expect(try Self.mint.currentToken(of: family) == Self.mint.currentToken(of: family))
    }

    @Test func `a token with another generation, salt, family or HMAC key is not genuine`() throws {
        let family = RotationDecisionTests.family()
        let token = try Self.mint.currentToken(of: family)
        #expect(try Self.mint.isGenuine(token, of: family))
        let other = RefreshToken(secretID: 1, familyID: family.id, generation: 6, tag: token.tag)
        #expect(try !Self.mint.isGenuine(other, of: family))
        let otherSecret = RefreshToken(secretID: 2, familyID: family.id, generation: 5, tag: token.tag)
        #expect(try !Self.mint.isGenuine(otherSecret, of: family))
        let unknownSecret = RefreshToken(secretID: 3, familyID: family.id, generation: 5, tag: token.tag)
        #expect(try !Self.mint.isGenuine(unknownSecret, of: family))
        #expect(try !Self.mint.isGenuine(token, of: nil))
        let twin = FamilyRecord(
            id: family.id, userID: family.userID, clientID: nil, scope: "", salt: [UInt8](repeating: 8, count: 16),
            authenticatedAt: family.createdAt, createdAt: family.createdAt, expiresAt: family.expiresAt, generation: 5,
            secretID: 1, parent: 4, rotatedAt: family.rotatedAt, idleExpiresAt: family.idleExpiresAt, device: "",
            createdAddress: "", lastUsedAddress: "")
        #expect(try !Self.mint.isGenuine(token, of: twin))
    }

    @Test func `a tag made with a key of zeros is not genuine`() throws {
        // If the HMAC key of a token is unknown, Signet checks the tag with 32 zero bytes as the key, so that the check
        // takes as long as any other. Signet must refuse even a tag that was made with this key.
        let zeros = RefreshTokenMint(
            secrets: RefreshSecrets(currentID: 7, secrets: [7: [UInt8](repeating: 0, count: 32)]))
        let family = RotationDecisionTests.family()
        var named = family
        named.secretID = 7
        let forged = try zeros.currentToken(of: named)
        #expect(try !Self.mint.isGenuine(forged, of: family))
    }

    @Test(arguments: 22..<54)
    func `a token with a flipped bit in its tag is not genuine`(position: Int) throws {
        let family = RotationDecisionTests.family()
        let text = try Self.mint.currentToken(of: family).text
        var bytes = try #require(Base64URL.decode(text.utf8.dropFirst(4)))
        bytes[position] ^= 1
        let token = try #require(RefreshToken("srt_" + Base64URL.encode(bytes)))
        #expect(try !Self.mint.isGenuine(token, of: family))
    }

    @Test func `text in any other form is refused`() throws {
        let text = try Self.mint.currentToken(of: RotationDecisionTests.family()).text
        let body = text.dropFirst(4)
        let otherVersion = Base64URL.encode([2] + (Base64URL.decode(body.utf8) ?? []).dropFirst())
        let texts = [
            "", "srt_", String(body), "SRT_\(body)", "srt-\(body)", String(text.dropLast()), text + "A", text + "=",
            text + "\n", " " + text, "srt_\(body.dropLast(1))!", "srt_\(body.dropLast(1))é", "srt_" + otherVersion,
            String(repeating: "A", count: 76), String(repeating: text, count: 10_000),
        ]
        for text in texts { #expect(RefreshToken(text) == nil, "\(text.prefix(100))") }
    }

    @Test func `a family whose HMAC key is gone is an internal error`() throws {
        var family = RotationDecisionTests.family()
        family.secretID = 200
        #expect(throws: IssuerError(.internal, "")) { try Self.mint.currentToken(of: family) }
    }
}
