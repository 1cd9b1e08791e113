internal import COpenSSL
package import RSAVerification

extension RSAPrivateKey {
    /// The number of PBKDF2 rounds when a private key is written with a passphrase.
    package static let passphraseRounds = 600_000

    /// The labels of the PEM blocks that Signet accepts. OpenSSL itself accepts more labels.
    private static let labels = ["PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "RSA PRIVATE KEY"]

    /// The first words of the PEM labels of other key types, for example of `EC PRIVATE KEY`.
    private static let otherTypes = ["EC", "DSA"]

    private static func notRSA(_ type: String) -> RSAKeyError {
        RSAKeyError(
            .notRSA, "PEM: expected a private key of type RSA with 2048 bits or more, found one of type \(type)")
    }

    /// Reads a private key from the first block of a PEM text: `PRIVATE KEY` (PKCS#8, RFC 5958), `ENCRYPTED PRIVATE
    /// KEY` or `RSA PRIVATE KEY` (PKCS#1, RFC 8017 §A.1.2).
    /// - Parameter passphrase: decrypts an encrypted key; `nil` if none is known. OpenSSL never prompts on the
    ///   terminal.
    /// - Throws: ``RSAKeyError`` if the text has no block or the first block has another label, if the passphrase is
    ///   missing or wrong, if the key is not plain RSA of an acceptable size and exponent, or if the private half does
    ///   not match the public half.
    package convenience init(pem: String, passphrase: [UInt8]? = nil) throws(RSAKeyError) {
        var text = Array(pem.utf8)
        defer { unsafe text.withUnsafeMutableBytes { unsafe OPENSSL_cleanse($0.baseAddress, $0.count) } }
        let label = pem.firstRange(of: "-----BEGIN ").flatMap { begin in
            pem[begin.upperBound...].firstRange(of: "-----").map { String(pem[begin.upperBound..<$0.lowerBound]) }
        }
        if let type = Self.otherTypes.first(where: { label?.hasPrefix($0 + " ") == true }) { throw Self.notRSA(type) }
        guard let label, Self.labels.contains(label) else {
            throw RSAKeyError(.malformed, "PEM: expected a block of one of \(Self.labels)")
        }
        OpenSSLErrorQueue.clear()
        let request = PassphraseRequest(passphrase)
        let key = unsafe text.withUnsafeBytes { bytes -> OpaquePointer? in
            guard let bio = unsafe BIO_new_mem_buf(bytes.baseAddress, Int32(clamping: bytes.count)) else { return nil }
            defer { unsafe BIO_free(bio) }
            return unsafe PEM_read_bio_PrivateKey_ex(
                bio, nil, PassphraseRequest.answer, Unmanaged.passUnretained(request).toOpaque(), nil, nil)
        }
        guard let key = unsafe key else {
            switch (request.wasAsked, passphrase) {
            case (true, nil):
                _ = OpenSSLErrorQueue.drain()
                throw RSAKeyError(.passphraseMissing, "PEM: the private key is encrypted")
            case (true, _?): throw OpenSSLErrorQueue.error(.passphraseWrong, "PEM: decrypting the private key")
            case (false, _): throw OpenSSLErrorQueue.error(.malformed, "PEM: expected a private key")
            }
        }
        let handle = unsafe PrivateKeyHandle(takingOwnershipOf: key)
        guard unsafe EVP_PKEY_is_a(handle.pointer, "RSA") == 1 else {
            let type = unsafe EVP_PKEY_get0_type_name(handle.pointer)
            throw Self.notRSA(unsafe type.map { unsafe String(cString: $0) } ?? "unknown")
        }
        try self.init(handle)
        try handle.checkPair()
    }

    /// The private and the public half of the key as PKCS#8 in PEM.
    /// - Parameter passphrase: 1 to 1024 bytes; encrypts the key with PBES2 (RFC 8018): AES-256 in CBC mode, and PBKDF2
    ///   with HMAC-SHA-256, ``passphraseRounds`` rounds and a random salt of 16 bytes. `nil` for no encryption.
    /// - Throws: ``RSAKeyError`` if the passphrase is empty or longer than 1024 bytes, or if OpenSSL is out of memory.
    package func pem(passphrase: [UInt8]? = nil) throws(RSAKeyError) -> String {
        OpenSSLErrorQueue.clear()
        // Write to a `BIO_s_secmem` BIO, because OpenSSL wipes its buffer when it frees the BIO. The buffer holds the
        // private key.
        guard let bio = unsafe BIO_new(BIO_s_secmem()) else { throw OpenSSLErrorQueue.error(.failure, "PEM buffer") }
        defer { unsafe BIO_free(bio) }
        guard let plain = unsafe EVP_PKEY2PKCS8(handle.pointer) else {
            throw OpenSSLErrorQueue.error(.failure, "PKCS#8 of a private key")
        }
        defer { unsafe PKCS8_PRIV_KEY_INFO_free(plain) }
        if let passphrase {
            guard 1...PassphraseRequest.maximumCount ~= passphrase.count else {
                throw RSAKeyError(.passphraseUnusable, "passphrase: expected 1 to 1024 bytes")
            }
            let encrypted = unsafe passphrase.withUnsafeBytes { bytes in
                unsafe PKCS8_encrypt(
                    -1, EVP_aes_256_cbc(), bytes.bindMemory(to: CChar.self).baseAddress, Int32(bytes.count), nil, 16,
                    Int32(Self.passphraseRounds), plain)
            }
            guard let encrypted = unsafe encrypted else {
                throw OpenSSLErrorQueue.error(.failure, "encrypting a private key")
            }
            defer { unsafe X509_SIG_free(encrypted) }
            guard unsafe PEM_write_bio_PKCS8(bio, encrypted) == 1 else {
                throw OpenSSLErrorQueue.error(.failure, "PEM of an encrypted private key")
            }
        } else {
            guard unsafe PEM_write_bio_PKCS8_PRIV_KEY_INFO(bio, plain) == 1 else {
                throw OpenSSLErrorQueue.error(.failure, "PEM of a private key")
            }
        }
        var start: UnsafePointer<CChar>?
        let count = unsafe signet_bio_data(bio, &start)
        return unsafe String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    }
}

/// Passes the passphrase to OpenSSL when OpenSSL reads an encrypted key. Without a passphrase callback, OpenSSL would
/// prompt on the terminal.
final class PassphraseRequest {
    /// The maximum length of a passphrase in bytes.
    static let maximumCount = 1024

    private let passphrase: [UInt8]?
    /// Whether OpenSSL asked for a passphrase, which it does only for an encrypted key.
    private(set) var wasAsked = false

    init(_ passphrase: [UInt8]?) { self.passphrase = passphrase }

    /// The callback that OpenSSL calls for a passphrase (`pem_password_cb`). The last argument of the callback is a
    /// pointer to the ``PassphraseRequest``.
    static let answer: @convention(c) (UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?) -> Int32 =
        { buffer, capacity, _, argument in
            guard let buffer = unsafe buffer, let argument = unsafe argument else { return -1 }
            let request = unsafe Unmanaged<PassphraseRequest>.fromOpaque(argument).takeUnretainedValue()
            request.wasAsked = true
            guard let passphrase = request.passphrase, 1...min(maximumCount, Int(capacity)) ~= passphrase.count else {
                return -1
            }
            for (index, byte) in passphrase.enumerated() { unsafe buffer[index] = CChar(bitPattern: byte) }
            return Int32(passphrase.count)
        }
}
