import RSASigning
import RSAVerification

/// The file of a private signing key: PKCS#8 in PEM. The file name holds the key ID.
struct PrivateKeyFile: Sendable {
    static let suffix = ".pem"
    /// The length of a key ID in characters: an RFC 7638 thumbprint in base64url.
    private static let keyIDLength = 43

    let keyID: String
    /// The number of times that the keyring's passphrase was set, changed or removed before this file was written.
    let encryptionRound: Int64

    init(keyID: String, encryptionRound: Int64 = 0) {
        self.keyID = keyID
        self.encryptionRound = encryptionRound
    }

    /// Parses a file name in the format of ``name``; `nil` for any other name.
    init?(name: String) {
        guard name.hasSuffix(Self.suffix) else { return nil }
        let parts = name.dropLast(Self.suffix.count).split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts[0].utf8.count == Self.keyIDLength,
            let round = parts.count == 1 ? 0 : Int64(parts[1])
        else { return nil }
        self.init(keyID: String(parts[0]), encryptionRound: round)
        guard name == self.name else { return nil }
    }

    /// The file name: `<key ID>.pem` if ``encryptionRound`` is 0, else `<key ID>.<round>.pem`.
    var name: String { encryptionRound == 0 ? keyID + Self.suffix : "\(keyID).\(encryptionRound)" + Self.suffix }

    /// The RFC 7638 thumbprint of the key's public half.
    static func keyID(of key: RSAPrivateKey) -> String {
        KeyringDocument.keyID(modulus: key.publicKey.modulus, exponent: key.publicKey.exponent)
    }

    /// `true` if the first block of a PEM text is unencrypted. Signet reads only the first block.
    static func isPlain(_ bytes: [UInt8]) -> Bool {
        let pem = String(decoding: bytes, as: UTF8.self)
        guard let begin = pem.firstRange(of: "-----BEGIN ") else { return false }
        return !pem[begin.upperBound...].hasPrefix("ENCRYPTED ")
    }

    /// Writes `key` to the file, encrypted unless `passphrase` is `nil`. When the call returns, the file survives a
    /// power failure.
    /// - Throws: `generationFailed` if the key cannot be encoded or encrypted; `inaccessible` if the file cannot be
    ///   written.
    func write(_ key: RSAPrivateKey, to files: KeyringDirectory, under passphrase: Passphrase?) throws(KeyringError) {
        let pem: String
        do {
            pem = try key.pem(passphrase: passphrase?.bytes)
        } catch {
            throw KeyringError(.generationFailed, "the private key \(keyID) cannot be written as PEM: \(error)")
        }
        try files.write(Array(pem.utf8), to: name)
    }

    /// Reads the private key from the file.
    /// - Parameter isEncrypted: `true` if the file must be encrypted. An unencrypted file is then refused with
    ///   `notEncrypted`.
    /// - Throws: `corrupt` if the file is missing, is not a private key, or holds a key with another ID;
    ///   `passphraseMissing` or `passphraseWrong` if the file is encrypted and `passphrase` does not decrypt it;
    ///   `insecureMode` if other users may access the file; `inaccessible` if it cannot be read.
    func read(
        from files: KeyringDirectory, under passphrase: Passphrase?, isEncrypted: Bool
    ) throws(KeyringError) -> RSAPrivateKey {
        let path = files.path(of: name)
        guard let bytes = try files.read(name, .secret) else {
            throw KeyringError(.corrupt, "\(path) is missing: restore it from a backup")
        }
        if isEncrypted && Self.isPlain(bytes) { throw .notEncrypted(file: path) }
        let key: RSAPrivateKey
        do {
            key = try RSAPrivateKey(pem: String(decoding: bytes, as: UTF8.self), passphrase: passphrase?.bytes)
        } catch {
            switch error.code {
            case .passphraseMissing: throw .passphraseMissing(for: path)
            case .passphraseWrong: throw .passphraseWrong(for: path)
            default:
                throw KeyringError(
                    .corrupt, "\(path) contains no usable RSA private key (\(error)): restore it from a backup")
            }
        }
        guard Self.keyID(of: key) == keyID else {
            throw KeyringError(.corrupt, "\(path) contains another key than its name says: restore it from a backup")
        }
        return key
    }
}
