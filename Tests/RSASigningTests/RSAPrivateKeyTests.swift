import JOSE
import RSASigning
import RSAVerification
import Testing

@Suite("A private RSA key")
struct RSAPrivateKeyTests {
    private let message = Array("A message to sign.".utf8)

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 0xF, radix: 16) }.joined()
    }

    /// Decodes the Base64 content of a PEM block.
    private func decoded(_ pem: String) -> [UInt8]? {
        let lines = pem.split(separator: "\n").filter { !$0.hasPrefix("-") }.joined()
        return Base64URL.decode(
            lines.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "").utf8)
    }

    @Test func `signs as the openssl command does, and its public half verifies the signature`() throws {
        let key = try RSAPrivateKey(pem: SampleKey.pem)
        let signature = try key.sign(message)
        #expect(hexadecimal(signature) == SampleKey.signature)
        #expect(try key.publicKey.isValidSignature(signature, for: message))
    }

    @Test func `is generated with the requested size, exponent 65537 and a new modulus`() throws {
        let first = try RSAPrivateKey.generate()
        let second = try RSAPrivateKey.generate(bits: 2056)
        #expect(first.publicKey.bitCount == 2048)
        #expect(second.publicKey.bitCount == 2056)
        #expect(first.publicKey.exponent == [1, 0, 1])
        #expect(first.publicKey.modulus != (try RSAPrivateKey.generate().publicKey.modulus))
        #expect(try first.publicKey.isValidSignature(first.sign(message), for: message))
    }

    @Test(arguments: [-1, 0, 1024, 2047, 8193, .max])
    func `is not generated with less than 2048 or more than 8192 bits`(bits: Int) {
        #expect(throws: RSAKeyError(.unsupportedSize, "")) { try RSAPrivateKey.generate(bits: bits) }
    }

    @Test func `reads back equal from its own PEM, plain or encrypted`() throws {
        let key = try RSAPrivateKey(pem: SampleKey.pem)
        let plain = try key.pem()
        #expect(plain.hasPrefix("-----BEGIN PRIVATE KEY-----\n"))
        #expect(try RSAPrivateKey(pem: plain).sign(message) == key.sign(message))
        let encrypted = try key.pem(passphrase: SampleKey.passphrase)
        #expect(encrypted.hasPrefix("-----BEGIN ENCRYPTED PRIVATE KEY-----\n"))
        #expect(try RSAPrivateKey(pem: encrypted, passphrase: SampleKey.passphrase).sign(message) == key.sign(message))
    }

    @Test
    func `is encrypted with PBES2, 600 000 rounds of PBKDF2 with HMAC-SHA-256, a salt of 16 bytes, and AES-256-CBC`()
        throws
    {
        let pem = try RSAPrivateKey(pem: SampleKey.pem).pem(passphrase: SampleKey.passphrase)
        let der = hexadecimal(try #require(decoded(pem)))
        #expect(der.contains("06092a864886f70d01050d"), "PBES2")
        #expect(der.contains("06092a864886f70d01050c"), "PBKDF2")
        #expect(der.contains("02030927c0"), "600 000 rounds")
        #expect(der.contains("06082a864886f70d0209"), "HMAC-SHA-256")
        #expect(der.contains("060960864801650304012a"), "AES-256-CBC")
        let salt = try #require(der.firstRange(of: "0410"))
        #expect(der[salt.upperBound...].dropFirst(32).hasPrefix("02030927c0"), "salt of 16 bytes before the rounds")
        #expect(pem != (try RSAPrivateKey(pem: SampleKey.pem).pem(passphrase: SampleKey.passphrase)), "fresh salt")
    }

    @Test(arguments: [SampleKey.encryptedPEM, SampleKey.scryptEncryptedPEM])
    func `that the openssl command encrypted is decrypted with its passphrase`(pem: String) throws {
        let key = try RSAPrivateKey(pem: pem, passphrase: SampleKey.passphrase)
        #expect(hexadecimal(try key.sign(message)) == SampleKey.signature)
    }

    @Test func `that is encrypted is refused without a passphrase, without a prompt, and with a wrong passphrase`() {
        #expect(throws: RSAKeyError(.passphraseMissing, "")) { try RSAPrivateKey(pem: SampleKey.encryptedPEM) }
        for wrong in ["", "wrong", "correct ", String(repeating: "c", count: 5000)] {
            #expect(throws: RSAKeyError(.passphraseWrong, "")) {
                try RSAPrivateKey(pem: SampleKey.encryptedPEM, passphrase: Array(wrong.utf8))
            }
        }
        #expect(OpenSSLErrorQueue.drain().isEmpty)
    }

    @Test func `is not encrypted with a passphrase that is empty or longer than 1024 bytes`() throws {
        let key = try RSAPrivateKey(pem: SampleKey.pem)
        for count in [0, 1025] {
            #expect(throws: RSAKeyError(.passphraseUnusable, "")) {
                try key.pem(passphrase: [UInt8](repeating: 1, count: count))
            }
        }
    }

    @Test func `whose halves do not match is refused`() {
        #expect(SampleKey.tamperedPEM != SampleKey.pem)
        #expect(throws: RSAKeyError(.inconsistentPair, "")) { try RSAPrivateKey(pem: SampleKey.tamperedPEM) }
        #expect(OpenSSLErrorQueue.drain().isEmpty)
    }

    @Test func `of another type is refused`() {
        let old = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
        for pem in [SampleKey.ellipticCurvePEM, old] {
            do throws(RSAKeyError) {
                _ = try RSAPrivateKey(pem: pem)
                Issue.record("read")
            } catch {
                #expect(error.code == .notRSA)
                #expect(error.detail.hasSuffix("found one of type EC"))
            }
        }
    }

    @Test(arguments: [
        "", "no PEM", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        String(SampleKey.pem.dropLast(60)), SampleKey.pem.replacing("PRIVATE", with: "PUBLIC"),
    ])
    func `is not read from anything else`(pem: String) {
        let error = #expect(throws: RSAKeyError.self) { try RSAPrivateKey(pem: pem) }
        #expect(error?.code == .malformed)
        #expect(OpenSSLErrorQueue.drain().isEmpty)
    }

    @Test func `never appears in an error text`() {
        let error = #expect(throws: RSAKeyError.self) { try RSAPrivateKey(pem: SampleKey.tamperedPEM) }
        let text = String(describing: error)
        let lines = SampleKey.tamperedPEM.split(separator: "\n")
        #expect(lines.allSatisfy { !text.contains($0) })
    }

    @Test func `signs for many callers at once`() async throws {
        let key = try RSAPrivateKey(pem: SampleKey.pem)
        let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
            for caller in 0..<24 {
                group.addTask { @concurrent in
                    let message = [UInt8](repeating: UInt8(caller), count: caller)
                    return try (0..<4).count { _ in
                        try !key.publicKey.isValidSignature(key.sign(message), for: message)
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}
