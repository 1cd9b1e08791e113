import RSASigning
import RSAVerification
import SignetStore

/// Makes a keyring in a directory that has none. Runs under the directory's lock.
///
/// `keyring.json` is written last: until then there is no keyring. A key and a secret that an earlier try left behind
/// are taken over, so that a directory which lost nothing but `keyring.json` loses no session either.
struct KeyringCreation {
    private static let firstSecretID: UInt8 = 1

    let files: KeyringDirectory

    func run(at now: Timestamp) throws(KeyringError) {
        let names = try files.names()
        files.removeDrafts(among: names)
        let secret = if let left = try secretLeft(among: names) { left } else { try makeSecret() }
        let key = if let left = try keyLeft(among: names) { left } else { try makeKey() }
        let publicKey = key.publicKey
        // Whole seconds: what is written reads back equal.
        let start = Timestamp(seconds: now.seconds)
        let document = KeyringDocument(
            keys: [
                KeyRecord(
                    kid: KeyFile.kid(of: key), modulus: publicKey.modulus, exponent: publicKey.exponent,
                    createdAt: start, activatesAt: start)
            ],
            refreshSecrets: [
                RefreshSecretRecord(id: secret.id, fingerprint: secret.fingerprint, createdAt: start)
            ])
        try files.write(document.bytes, to: KeyringDocument.fileName)
    }

    private func secretLeft(among names: [String]) throws(KeyringError) -> RefreshSecretFile? {
        let left = names.filter { $0.hasPrefix("refresh-") && $0.hasSuffix(".secret") }
        guard let name = left.first else { return nil }
        guard left.count == 1, name == RefreshSecretFile.name(id: Self.firstSecretID) else { throw lost(left) }
        guard let bytes = try files.read(name, .secret) else { return nil }
        guard let file = RefreshSecretFile(bytes: bytes), file.id == Self.firstSecretID else {
            throw KeyringError(.corrupt, "\(files.path)/\(name) is damaged; restore it from a backup or remove it")
        }
        return file
    }

    private func keyLeft(among names: [String]) throws(KeyringError) -> RSAPrivateKey? {
        let left = names.filter { $0.hasSuffix(KeyFile.suffix) }
        guard let name = left.first else { return nil }
        guard left.count == 1 else { throw lost(left) }
        return try KeyFile(kid: String(name.dropLast(KeyFile.suffix.count))).read(from: files)
    }

    private func lost(_ names: [String]) -> KeyringError {
        KeyringError(
            .corrupt,
            """
            \(files.path) holds \(names.sorted().joined(separator: ", ")) but no \(KeyringDocument.fileName); \
            restore it from a backup, or move these files away to start with a new keyring
            """)
    }

    private func makeSecret() throws(KeyringError) -> RefreshSecretFile {
        let file = RefreshSecretFile.random(id: Self.firstSecretID)
        try files.write(file.bytes, to: RefreshSecretFile.name(id: file.id))
        return file
    }

    private func makeKey() throws(KeyringError) -> RSAPrivateKey {
        let key: RSAPrivateKey
        let pem: String
        do {
            key = try RSAPrivateKey.generate()
            pem = try key.pem()
        } catch {
            throw KeyringError(.generationFailed, "no signing key could be generated: \(error)")
        }
        try files.write(Array(pem.utf8), to: KeyFile(kid: KeyFile.kid(of: key)).name)
        return key
    }
}
