import RSASigning
import RSAVerification
import SignetStore

/// Makes a keyring in a directory that has none. Runs under the directory's lock.
///
/// `keyring.json` is written last: until then there is no keyring. A key and secrets that an earlier try left behind are
/// taken over, so that a directory which lost nothing but `keyring.json` loses no session either.
struct KeyringCreation {
    private static let firstSecretID: UInt8 = 1

    let files: KeyringDirectory
    let passphrase: Passphrase?
    let terms: KeyPolicy

    func run(at now: Timestamp) throws(KeyringError) {
        let names = try files.names()
        files.removeDrafts(among: names)
        let generation = try generationLeft(among: names)
        var secrets = try secretsLeft(among: names)
        if secrets.isEmpty { secrets = [try makeSecret(generation)] }
        let key = if let left = try keyLeft(among: names) { left } else { try makeKey(generation) }
        let publicKey = key.publicKey
        // Whole seconds: what is written reads back equal.
        let start = Timestamp(seconds: now.seconds)
        let terms = EffectiveKeyPolicy(terms)
        // Any of them may have been the last one; new tokens are made with the newest, and those of the others stay good.
        let end = (terms.sessions.end(ofAllMadeUntil: start) + terms.clockTolerance).roundedUp
        let records = secrets.enumerated().map { place, secret in
            RefreshSecretRecord(
                id: secret.id, fingerprint: secret.fingerprint, createdAt: start,
                removedAt: place == secrets.count - 1 ? nil : end)
        }
        let document = KeyringDocument(
            keys: [
                KeyRecord(
                    kid: PrivateKeyFile.kid(of: key), modulus: publicKey.modulus, exponent: publicKey.exponent,
                    createdAt: start, activatesAt: start)
            ],
            refreshSecrets: records, terms: terms,
            sealing: KeyringEncryption(generation: generation, isEncrypted: passphrase != nil), writtenAt: start)
        try files.write(document.bytes, to: KeyringDocument.fileName)
    }

    private func keyNames(_ names: [String]) -> [String] { names.filter { $0.hasSuffix(PrivateKeyFile.suffix) } }

    private func secretNames(_ names: [String]) -> [String] {
        names.filter { $0.hasPrefix("refresh-") && $0.hasSuffix(".secret") }
    }

    /// The generation that all files that are left belong to.
    private func generationLeft(among names: [String]) throws(KeyringError) -> Int64 {
        let keys = keyNames(names)
        let secrets = secretNames(names)
        let generations =
            keys.map { PrivateKeyFile(name: $0)?.generation }
            + secrets.map { RefreshSecretFile.parse(name: $0)?.generation }
        guard Set(generations).count <= 1, keys.count <= 1 else { throw lost(keys + secrets) }
        guard let left = generations.first else { return 0 }
        guard let generation = left else { throw lost(keys + secrets) }
        return generation
    }

    /// By id: the newest last, as long as no id was used twice.
    private func secretsLeft(among names: [String]) throws(KeyringError) -> [RefreshSecretFile] {
        var secrets: [RefreshSecretFile] = []
        for name in secretNames(names) {
            try requireSealing(name)
            guard
                let file = try KeyringLoader(files: files, passphrase: passphrase)
                    .secretFile(name, isEncrypted: passphrase != nil),
                file.id == RefreshSecretFile.parse(name: name)?.id
            else {
                throw KeyringError(.corrupt, "\(files.path)/\(name) is damaged; restore it from a backup or remove it")
            }
            secrets.append(file)
        }
        return secrets.sorted { $0.id < $1.id }
    }

    private func keyLeft(among names: [String]) throws(KeyringError) -> RSAPrivateKey? {
        guard let name = keyNames(names).first, let file = PrivateKeyFile(name: name) else { return nil }
        try requireSealing(name)
        return try file.read(from: files, under: passphrase, isEncrypted: passphrase != nil)
    }

    /// What is taken over is encrypted when there is a passphrase.
    private func requireSealing(_ name: String) throws(KeyringError) {
        guard passphrase != nil, let bytes = try files.read(name, .secret) else { return }
        let isPlain =
            name.hasSuffix(PrivateKeyFile.suffix)
            ? PrivateKeyFile.isPlain(bytes) : RefreshSecretFile(bytes: bytes) != nil
        guard !isPlain else {
            throw KeyringError(
                .notEncrypted,
                """
                \(files.path)/\(name) is not encrypted, \(KeyringDocument.fileName) is missing, and a passphrase is \
                set: start once without one, then run 'signet keys passphrase'
                """)
        }
    }

    private func lost(_ names: [String]) -> KeyringError {
        KeyringError(
            .corrupt,
            """
            \(files.path) holds \(names.sorted().joined(separator: ", ")) but no \(KeyringDocument.fileName); \
            restore it from a backup, or move these files away to start with a new keyring
            """)
    }

    private func makeSecret(_ generation: Int64) throws(KeyringError) -> RefreshSecretFile {
        let file = RefreshSecretFile.random(id: Self.firstSecretID)
        try files.write(
            try KeyringWriter.bytes(of: file, under: passphrase),
            to: RefreshSecretFile.name(id: file.id, generation: generation))
        return file
    }

    private func makeKey(_ generation: Int64) throws(KeyringError) -> RSAPrivateKey {
        let key = try KeyringDraft.makeKey()
        try files.write(
            try KeyringWriter.bytes(of: key, under: passphrase),
            to: PrivateKeyFile(kid: PrivateKeyFile.kid(of: key), generation: generation).name)
        return key
    }
}
