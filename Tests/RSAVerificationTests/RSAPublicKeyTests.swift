import RSAVerification
import Testing

@Suite("A public RSA key")
struct RSAPublicKeyTests {
    private static let standardExponent: [UInt8] = [1, 0, 1]

    private func modulus(bits: Int) -> [UInt8] {
        var modulus = [UInt8](repeating: 0xA7, count: (bits + 7) / 8)
        modulus[0] = UInt8(truncatingIfNeeded: 1 << ((bits - 1) % 8))
        return modulus
    }

    @Test func `accepts a signature of the openssl command and refuses it with any one bit flipped`() throws {
        let key = try RSAPublicKey(pem: SampleKey.pem)
        #expect(key.bitCount == 2048)
        #expect(try key.isValidSignature(SampleKey.signature, for: SampleKey.message))
        for position in SampleKey.signature.indices {
            var signature = SampleKey.signature
            signature[position] ^= 0x10
            #expect(try !key.isValidSignature(signature, for: SampleKey.message))
        }
        var message = SampleKey.message
        message[0] ^= 1
        #expect(try !key.isValidSignature(SampleKey.signature, for: message))
    }

    @Test func `refuses a signature of the wrong length`() throws {
        let key = try RSAPublicKey(pem: SampleKey.pem)
        #expect(try !key.isValidSignature([0] + SampleKey.signature, for: SampleKey.message))
        #expect(try !key.isValidSignature(SampleKey.signature + [0], for: SampleKey.message))
        #expect(try !key.isValidSignature(SampleKey.signature.dropLast(), for: SampleKey.message))
        #expect(try !key.isValidSignature([], for: SampleKey.message))
    }

    @Test func `leaves nothing in OpenSSL's error queue after a bad signature`() throws {
        let key = try RSAPublicKey(pem: SampleKey.pem)
        #expect(try !key.isValidSignature([UInt8](repeating: 0xFF, count: 256), for: []))
        #expect(OpenSSLErrorQueue.drain().isEmpty)
    }

    @Test func `writes the PEM that it was read from and is equal to the key of its numbers`() throws {
        let key = try RSAPublicKey(pem: SampleKey.pem)
        #expect(try key.pem() == SampleKey.pem)
        let copy = try RSAPublicKey(modulus: key.modulus, exponent: key.exponent)
        #expect(try copy.isValidSignature(SampleKey.signature, for: SampleKey.message))
        #expect(key.exponent == Self.standardExponent)
    }

    @Test func `is accepted with 2048 to 8192 bits and refused with one bit less or more`() throws {
        #expect(try RSAPublicKey(modulus: modulus(bits: 2048), exponent: Self.standardExponent).bitCount == 2048)
        #expect(try RSAPublicKey(modulus: modulus(bits: 8192), exponent: Self.standardExponent).bitCount == 8192)
        for bits in [1, 8, 1024, 2047, 8193, 16384] {
            #expect(throws: RSAKeyError(.unsupportedSize, "")) {
                try RSAPublicKey(modulus: modulus(bits: bits), exponent: Self.standardExponent)
            }
        }
        #expect(throws: RSAKeyError(.unsupportedSize, "")) {
            try RSAPublicKey(modulus: [], exponent: Self.standardExponent)
        }
    }

    @Test func `is refused with an even modulus`() throws {
        var even = modulus(bits: 2048)
        even[255] = 0xA6
        #expect(throws: RSAKeyError(.notRSA, "")) { try RSAPublicKey(modulus: even, exponent: Self.standardExponent) }
    }

    @Test(arguments: [[1, 0, 1], [1, 0, 3], [0xFF, 0xFF, 0xFF, 0xFF]])
    func `is accepted with an odd exponent from 65537 to below 2^32`(_ exponent: [UInt8]) throws {
        #expect(try RSAPublicKey(modulus: modulus(bits: 2048), exponent: exponent).exponent == exponent)
    }

    @Test(arguments: [[], [1], [3], [5], [0xFF, 0xFF], [1, 0, 0], [1, 0, 2], [1, 0, 0, 0, 0], [1, 0, 0, 0, 1]])
    func `is refused with any other exponent`(_ exponent: [UInt8]) {
        #expect(throws: RSAKeyError(.unsupportedExponent, "")) {
            try RSAPublicKey(modulus: modulus(bits: 2048), exponent: exponent)
        }
    }

    @Test func `is refused with leading zeros`() {
        #expect(throws: RSAKeyError(.malformed, "")) {
            try RSAPublicKey(modulus: [0] + modulus(bits: 2048), exponent: Self.standardExponent)
        }
        #expect(throws: RSAKeyError(.malformed, "")) {
            try RSAPublicKey(modulus: modulus(bits: 2048), exponent: [0, 1, 0, 1])
        }
    }

    @Test func `is refused if its type is not plain RSA, also for RSASSA-PSS`() {
        #expect(throws: RSAKeyError(.notRSA, "")) { try RSAPublicKey(pem: SampleKey.ellipticCurvePEM) }
        #expect(throws: RSAKeyError(.notRSA, "")) { try RSAPublicKey(pem: SampleKey.probabilisticPEM) }
    }

    @Test(arguments: [
        "", "no PEM", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
        SampleKey.pem.replacing("PUBLIC", with: "PRIVATE"), String(SampleKey.pem.dropLast(60)),
    ])
    func `is not read from other text`(pem: String) {
        let error = #expect(throws: RSAKeyError.self) { try RSAPublicKey(pem: pem) }
        #expect(error?.code == .malformed)
        #expect(error?.detail.isEmpty == false)
        #expect(OpenSSLErrorQueue.drain().isEmpty)
    }

    @Test func `gives each of many concurrent callers its own answer`() async throws {
        let key = try RSAPublicKey(pem: SampleKey.pem)
        let wrong = try await withThrowingTaskGroup(of: Int.self) { group in
            for caller in 0..<32 {
                group.addTask { @concurrent in
                    var message = SampleKey.message
                    if caller % 2 == 1 { message.append(UInt8(caller)) }
                    return try (0..<50).count { _ in
                        try key.isValidSignature(SampleKey.signature, for: message) != (caller % 2 == 0)
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(wrong == 0)
    }
}
