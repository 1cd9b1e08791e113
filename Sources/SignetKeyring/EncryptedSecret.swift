import CSodium

/// A server secret encrypted under a passphrase: format version 2 ‖ id 1 ‖ salt 16 ‖ nonce 24 ‖ secret 32 and tag 16.
///
/// XChaCha20-Poly1305, its key derived by Argon2id (64 MiB, three passes); version and id are authenticated with it.
enum EncryptedSecret {
    private static let version: UInt8 = 2
    private static let saltCount = Int(crypto_pwhash_SALTBYTES)
    private static let nonceCount = Int(crypto_aead_xchacha20poly1305_ietf_NPUBBYTES)
    private static let tagCount = Int(crypto_aead_xchacha20poly1305_ietf_ABYTES)
    private static let headCount = 2 + saltCount + nonceCount
    private static let passes: UInt64 = 3
    private static let memory = 64 << 20

    /// Whether the bytes have the shape of a sealed secret.
    static func isSealed(_ bytes: [UInt8]) -> Bool {
        bytes.count == headCount + RefreshSecrets.secretLength + tagCount && bytes.first == version
    }

    /// - Throws: `generationFailed` when there is no memory for the derivation.
    static func seal(_ file: RefreshSecretFile, under passphrase: Passphrase) throws(KeyringError) -> [UInt8] {
        let head = [version, file.id]
        let salt = SecureRandom.bytes(saltCount)
        let nonce = SecureRandom.bytes(nonceCount)
        var key = try derive(passphrase, salt: salt)
        defer { unsafe sodium_memzero(&key, key.count) }
        var box = [UInt8](repeating: 0, count: RefreshSecrets.secretLength + tagCount)
        _ = unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
            &box, nil, file.secret, UInt64(file.secret.count), head, UInt64(head.count), nil, nonce, key)
        return head + salt + nonce + box
    }

    /// - Parameter bytes: of the shape that ``isSealed(_:)`` tells.
    /// - Returns: `nil` when the passphrase is not the one it was sealed under, or the bytes were changed.
    /// - Throws: `generationFailed` when there is no memory for the derivation.
    static func open(_ bytes: [UInt8], under passphrase: Passphrase) throws(KeyringError) -> RefreshSecretFile? {
        guard isSealed(bytes) else { return nil }
        let head = Array(bytes[..<2])
        let salt = Array(bytes[2..<(2 + saltCount)])
        let nonce = Array(bytes[(2 + saltCount)..<headCount])
        let box = Array(bytes[headCount...])
        var key = try derive(passphrase, salt: salt)
        defer { unsafe sodium_memzero(&key, key.count) }
        var secret = [UInt8](repeating: 0, count: RefreshSecrets.secretLength)
        let result = unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
            &secret, nil, nil, box, UInt64(box.count), head, UInt64(head.count), nonce, key)
        return result == 0 ? RefreshSecretFile(id: head[1], secret: secret) : nil
    }

    private static func derive(_ passphrase: Passphrase, salt: [UInt8]) throws(KeyringError) -> [UInt8] {
        precondition(sodium_init() >= 0, "libsodium found no random source")
        var key = [UInt8](repeating: 0, count: Int(crypto_aead_xchacha20poly1305_ietf_KEYBYTES))
        let text = passphrase.bytes.map { CChar(bitPattern: $0) }
        let result = unsafe crypto_pwhash(
            &key, UInt64(key.count), text, UInt64(text.count), salt, passes, memory, crypto_pwhash_ALG_ARGON2ID13)
        guard result == 0 else {
            throw KeyringError(.generationFailed, "no memory for deriving a key from the passphrase (64 MiB)")
        }
        return key
    }
}
