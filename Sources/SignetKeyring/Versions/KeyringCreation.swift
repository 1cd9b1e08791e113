import RSASigning
import SignetStore

/// Creates a keyring in a directory that has no `keyring.json`. The caller must hold the directory's lock.
///
/// `keyring.json` is written last, so an interrupted creation leaves only key files. The next creation uses the key
/// files that it finds. Sessions therefore continue even if `keyring.json` alone was lost.
struct KeyringCreation {
    private static let firstSecretID: UInt8 = 1

    let files: KeyringDirectory
    let passphrase: Passphrase?
    let policy: KeyPolicy

    /// Creates the missing key files, then writes `keyring.json`.
    func run(at now: Timestamp) throws(KeyringError) {
        try files.syncPath()
        let names = try files.names()
        files.removeDrafts(among: names)
        let round = try encryptionRound(of: names)
        var secrets = try existingSecrets(names)
        if secrets.isEmpty {
            let secret = RefreshSecretFile.random(id: Self.firstSecretID)
            try secret.write(to: files, encryptionRound: round, under: passphrase)
            secrets = [secret]
        }
        let key: RSAPrivateKey
        if let existing = try existingKey(names) {
            key = existing
        } else {
            key = try SigningKeyGenerator.generate()
            try PrivateKeyFile(keyID: PrivateKeyFile.keyID(of: key), encryptionRound: round)
                .write(key, to: files, under: passphrase)
        }
        let document = document(key, secrets, round, at: Timestamp(seconds: now.seconds))
        try files.write(document.bytes, to: KeyringDocument.fileName)
    }

    private func document(
        _ key: RSAPrivateKey, _ secrets: [RefreshSecretFile], _ round: Int64, at start: Timestamp
    ) -> KeyringDocument {
        let policy = EffectiveKeyPolicy(policy)
        // If `keyring.json` was lost, there may be several HMAC keys. The HMAC key with the highest id makes new
        // refresh tokens. The other HMAC keys stay until `end`, when every session that may use them has expired.
        let end = (policy.sessions.end(ofAllMadeUntil: start) + policy.clockTolerance).roundedUp
        let records = secrets.enumerated().map { position, secret in
            RefreshSecretRecord(
                id: secret.id, fingerprint: secret.fingerprint, createdAt: start,
                removedAt: position == secrets.count - 1 ? nil : end)
        }
        return KeyringDocument(
            keys: [KeyRecord(key, createdAt: start, activatesAt: start)], refreshSecrets: records, policy: policy,
            encryption: KeyringEncryption(round: round, isEncrypted: passphrase != nil), writtenAt: start)
    }

    // MARK: - Existing files

    private func keyNames(_ names: [String]) -> [String] { names.filter { $0.hasSuffix(PrivateKeyFile.suffix) } }

    private func secretNames(_ names: [String]) -> [String] { names.filter(RefreshSecretFile.Name.resembles) }

    /// The encryption round that the names of the existing key files contain: the number of passphrase changes. 0 if
    /// there are no key files.
    /// - Throws: `corrupt` if the files have different rounds, or if there are several signing keys. An interrupted
    ///   creation never leaves such files.
    private func encryptionRound(of names: [String]) throws(KeyringError) -> Int64 {
        let keys = keyNames(names)
        let secrets = secretNames(names)
        let rounds =
            keys.map { PrivateKeyFile(name: $0)?.encryptionRound }
            + secrets.map { RefreshSecretFile.Name($0)?.encryptionRound }
        guard let first = rounds.first else { return 0 }
        guard let round = first, Set(rounds).count == 1, keys.count <= 1 else {
            throw KeyringError(
                .corrupt,
                """
                \(files.path) contains \((keys + secrets).sorted().joined(separator: ", ")) but no \
                \(KeyringDocument.fileName): restore it from a backup, or move these files away to start with a new \
                keyring
                """)
        }
        return round
    }

    /// The existing refresh token HMAC keys, sorted by id.
    private func existingSecrets(_ names: [String]) throws(KeyringError) -> [RefreshSecretFile] {
        var secrets: [RefreshSecretFile] = []
        for text in secretNames(names) {
            try requireEncryption(text)
            guard let name = RefreshSecretFile.Name(text),
                let file = try RefreshSecretFile.read(
                    name, from: files, under: passphrase, isEncrypted: passphrase != nil),
                file.id == name.id
            else {
                throw KeyringError(
                    .corrupt, "\(files.path(of: text)) is damaged: restore it from a backup or remove it")
            }
            secrets.append(file)
        }
        return secrets.sorted { $0.id < $1.id }
    }

    private func existingKey(_ names: [String]) throws(KeyringError) -> RSAPrivateKey? {
        guard let name = keyNames(names).first, let file = PrivateKeyFile(name: name) else { return nil }
        try requireEncryption(name)
        return try file.read(from: files, under: passphrase, isEncrypted: passphrase != nil)
    }

    /// Throws `notEncrypted` if a passphrase is set but the key file `name` is not encrypted.
    private func requireEncryption(_ name: String) throws(KeyringError) {
        guard passphrase != nil, let bytes = try files.read(name, .secret) else { return }
        let isPlain =
            name.hasSuffix(PrivateKeyFile.suffix)
            ? PrivateKeyFile.isPlain(bytes) : RefreshSecretFile(bytes: bytes) != nil
        guard !isPlain else {
            throw KeyringError(
                .notEncrypted,
                """
                a passphrase is set and \(KeyringDocument.fileName) is missing, but \(files.path(of: name)) is not \
                encrypted: start Signet once without a passphrase, then run 'signet keys passphrase'
                """)
        }
    }
}
