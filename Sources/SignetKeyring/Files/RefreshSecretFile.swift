import RSAVerification

/// A refresh token HMAC key and its id, as stored in one file. An unencrypted file is a format version byte, an id byte
/// and the 32 bytes of the key. An encrypted file has the format of ``EncryptedSecret``.
struct RefreshSecretFile: Sendable, Hashable {
    /// The length of an HMAC key in bytes.
    static let secretLength = 32
    private static let version: UInt8 = 1
    private static let fingerprintDomain = Array("signet refresh secret fingerprint v1".utf8)

    let id: UInt8
    let secret: [UInt8]

    init(id: UInt8, secret: [UInt8]) {
        self.id = id
        self.secret = secret
    }

    /// A new random HMAC key.
    static func random(id: UInt8) -> Self { Self(id: id, secret: SecureRandom.bytes(secretLength)) }

    /// Parses the unencrypted file format; `nil` for any other bytes.
    init?(bytes: [UInt8]) {
        guard bytes.count == 2 + Self.secretLength, bytes[0] == Self.version else { return nil }
        id = bytes[1]
        secret = Array(bytes[2...])
    }

    /// The HMAC key and its id in the unencrypted file format.
    var bytes: [UInt8] { [Self.version, id] + secret }

    /// The first 16 bytes of a hash of the HMAC key. Identifies the key without revealing it.
    var fingerprint: [UInt8] { Array(SHA256.digest(Self.fingerprintDomain + secret).prefix(16)) }

    /// Writes the file, encrypted unless `passphrase` is `nil`. When the call returns, the file survives a power
    /// failure.
    /// - Parameter encryptionRound: a part of the file name; see ``Name/encryptionRound``.
    /// - Throws: `generationFailed` if there is no memory for the encryption; `inaccessible` if the file cannot be
    ///   written.
    func write(to files: KeyringDirectory, encryptionRound: Int64, under passphrase: Passphrase?) throws(KeyringError) {
        let content = if let passphrase { try EncryptedSecret.encrypt(self, under: passphrase) } else { bytes }
        try files.write(content, to: Name(id: id, encryptionRound: encryptionRound).text)
    }

    /// Reads the file of an HMAC key; `nil` if the file does not exist.
    /// - Parameter isEncrypted: `true` if the file must be encrypted. An unencrypted file is then refused with
    ///   `notEncrypted`.
    /// - Throws: `corrupt` if the file is damaged; `passphraseMissing` or `passphraseWrong` if it is encrypted and
    ///   `passphrase` does not decrypt it; `generationFailed` if there is no memory for the decryption; `insecureMode`
    ///   if other users may access the file; `inaccessible` if it cannot be read.
    static func read(
        _ name: Name, from files: KeyringDirectory, under passphrase: Passphrase?, isEncrypted: Bool
    ) throws(KeyringError) -> RefreshSecretFile? {
        guard let bytes = try files.read(name.text, .secret) else { return nil }
        let path = files.path(of: name.text)
        if EncryptedSecret.hasFormat(bytes) {
            guard let passphrase else { throw .passphraseMissing(for: path) }
            guard let file = try EncryptedSecret.decrypt(bytes, under: passphrase) else {
                throw .passphraseWrong(for: path)
            }
            return file
        }
        guard let file = RefreshSecretFile(bytes: bytes) else {
            throw KeyringError(.corrupt, "\(path) is damaged: restore it from a backup, or all sessions are lost")
        }
        if isEncrypted { throw .notEncrypted(file: path) }
        return file
    }
}

extension RefreshSecretFile {
    /// The name of an HMAC key's file: `refresh-<id>.secret` if ``encryptionRound`` is 0, else
    /// `refresh-<id>.<round>.secret`.
    struct Name: Sendable, Hashable {
        private static let prefix = "refresh-"
        private static let suffix = ".secret"

        let id: UInt8
        /// The number of times that the keyring's passphrase was set, changed or removed before the file was written.
        /// Each time, all key files are written again, under new names.
        let encryptionRound: Int64

        init(id: UInt8, encryptionRound: Int64 = 0) {
            self.id = id
            self.encryptionRound = encryptionRound
        }

        /// Parses a file name in the format of ``text``; `nil` for any other name.
        init?(_ text: String) {
            guard Self.resembles(text) else { return nil }
            let parts = text.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)
                .split(separator: ".", omittingEmptySubsequences: false)
            guard (1...2).contains(parts.count), let id = UInt8(parts[0]),
                let round = parts.count == 1 ? 0 : Int64(parts[1])
            else { return nil }
            self.init(id: id, encryptionRound: round)
            guard text == self.text else { return nil }
        }

        var text: String {
            encryptionRound == 0
                ? "\(Self.prefix)\(id)\(Self.suffix)" : "\(Self.prefix)\(id).\(encryptionRound)\(Self.suffix)"
        }

        /// Whether a name has the prefix and the suffix of an HMAC key's file. Also `true` for a malformed name such as
        /// `refresh-x.secret`.
        static func resembles(_ text: String) -> Bool { text.hasPrefix(prefix) && text.hasSuffix(suffix) }
    }
}
