import CSodium

/// The encrypted file format of a refresh token HMAC key (``RefreshSecretFile``): version (1 byte, value 2) ‖ id (1
/// byte) ‖ salt (16 bytes) ‖ nonce (24 bytes) ‖ ciphertext (32 bytes) ‖ tag (16 bytes).
///
/// The cipher is XChaCha20-Poly1305, with version and id as additional data. Argon2id (64 MiB, three passes) derives
/// the cipher's key from the passphrase.
enum EncryptedSecret {
    private static let version: UInt8 = 2
    private static let saltCount = Int(crypto_pwhash_SALTBYTES)
    private static let nonceCount = Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
    private static let tagCount = Int(crypto_aead_xchacha20poly1305_ietf_ABYTES)
    private static let headerCount = 2 + saltCount + nonceCount
    private static let passes: UInt64 = 3
    private static let memory = 64 << 20

    /// Whether the bytes have the length and the version number of the encrypted format.
    static func hasFormat(_ bytes: [UInt8]) -> Bool {
        bytes.count == headerCount + RefreshSecretFile.secretLength + tagCount && bytes.first == version
    }

    /// Encrypts a refresh token HMAC key. The id of the HMAC key is authenticated, but not encrypted.
    /// - Throws: `generationFailed` if there is no memory for Argon2id.
    static func encrypt(_ file: RefreshSecretFile, under passphrase: Passphrase) throws(KeyringError) -> [UInt8] {
        let authenticated = [version, file.id]
        let salt = SecureRandom.bytes(saltCount)
        let nonce = SecureRandom.bytes(nonceCount)
        var key = try derive(passphrase, salt: salt)
        defer { unsafe sodium_memzero(&key, key.count) }
        var ciphertext = [UInt8](repeating: 0, count: RefreshSecretFile.secretLength + tagCount)
        _ = unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
            &ciphertext, nil, file.secret, UInt64(file.secret.count), authenticated, UInt64(authenticated.count), nil,
            nonce, key)
        return authenticated + salt + nonce + ciphertext
    }

    /// Decrypts a refresh token HMAC key.
    /// - Returns: the HMAC key with its id; `nil` if the passphrase is wrong, or the bytes were changed or have another
    ///   format.
    /// - Throws: `generationFailed` if there is no memory for Argon2id.
    static func decrypt(_ bytes: [UInt8], under passphrase: Passphrase) throws(KeyringError) -> RefreshSecretFile? {
        guard hasFormat(bytes) else { return nil }
        let authenticated = Array(bytes[..<2])
        let salt = Array(bytes[2..<(2 + saltCount)])
        let nonce = Array(bytes[(2 + saltCount)..<headerCount])
        let ciphertext = Array(bytes[headerCount...])
        var key = try derive(passphrase, salt: salt)
        defer { unsafe sodium_memzero(&key, key.count) }
        var secret = [UInt8](repeating: 0, count: RefreshSecretFile.secretLength)
        let result = unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
            &secret, nil, nil, ciphertext, UInt64(ciphertext.count), authenticated, UInt64(authenticated.count), nonce,
            key)
        return result == 0 ? RefreshSecretFile(id: authenticated[1], secret: secret) : nil
    }

    private static func derive(_ passphrase: Passphrase, salt: [UInt8]) throws(KeyringError) -> [UInt8] {
        precondition(sodium_init() >= 0, "libsodium found no random source")
        var key = [UInt8](repeating: 0, count: Int(crypto_aead_xchacha20poly1305_ietf_KEYBYTES))
        let text = passphrase.bytes.map { CChar(bitPattern: $0) }
        let result = unsafe crypto_pwhash(
            &key, UInt64(key.count), text, UInt64(text.count), salt, passes, memory, crypto_pwhash_ALG_ARGON2ID13)
        guard result == 0 else {
            throw KeyringError(.generationFailed, "out of memory: deriving a key from the passphrase takes 64 MiB")
        }
        return key
    }
}
