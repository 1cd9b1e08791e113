import TestVectors
import Testing

@testable import SignetIssuer

@Suite("Password hashes of other programs")
struct PasswordHashVectorTests {
    private static let knownKeys: Set<String> = [
        "id", "alg", "password_hex", "wrong_password_hex", "hash", "expected", "lib", "crosschecked", "note",
    ]
    /// The hash algorithms that libsodium supports. A hash of any other algorithm must match no password.
    private static let supported: Set<String> = ["argon2id", "argon2i"]

    @Test(arguments: try VectorFile.passwordHashes.cases(knownKeys: knownKeys))
    func `match their password and no other, and a malformed or unsupported hash matches none`(vector: VectorCase)
        throws
    {
        let hash = try vector.string("hash")
        let isSupported = try Self.supported.contains(vector.string("alg"))
        let expected = try vector.string("expected")
        try #require(["accept", "reject", "policy", "accept-or-unsupported"].contains(expected))
        let shouldMatch = expected.hasPrefix("accept") && isSupported
        let password = String(decoding: try vector.bytes(hexadecimal: "password_hex"), as: UTF8.self)
        // Skip passwords that are not valid UTF-8. They never reach Signet, because JSON cannot contain them.
        guard try Array(password.utf8) == vector.bytes(hexadecimal: "password_hex") else { return }
        let matches = Argon2id.verify(PasswordBytes(password), against: hash)
        #expect(matches == shouldMatch)
        guard vector["wrong_password_hex"] != nil else { return }
        let wrong = String(decoding: try vector.bytes(hexadecimal: "wrong_password_hex"), as: UTF8.self)
        let wrongMatches = Argon2id.verify(PasswordBytes(wrong), against: hash)
        #expect(!wrongMatches)
    }
}
