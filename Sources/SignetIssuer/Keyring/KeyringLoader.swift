import RSASigning
import RSAVerification
import SignetStore

/// Reads a keyring as a whole.
struct KeyringLoader {
    let files: KeyringDirectory
    let passphrase: Passphrase?
    /// Keys and secrets that were read before: they are not read again.
    var known: KeyringSnapshot?

    /// Reads everything that `keyring.json` names; `nil` when there is no such file.
    ///
    /// Needs no lock: `keyring.json` is replaced in one step, and what it names was there before it. When a file is
    /// missing because another process just deleted it, `keyring.json` has changed, and it begins again.
    func load(at now: Timestamp) throws(KeyringError) -> KeyringSnapshot? {
        var tries = 0
        while true {
            let stamp = files.stamp(of: KeyringDocument.fileName)
            do throws(KeyringError) {
                return try load(at: now, stamp: stamp)
            } catch {
                tries += 1
                guard tries < 5, error.code == .corrupt, files.stamp(of: KeyringDocument.fileName) != stamp else {
                    throw error
                }
            }
        }
    }

    private func load(at now: Timestamp, stamp: FileStamp?) throws(KeyringError) -> KeyringSnapshot? {
        guard let overview = try overview() else { return nil }
        let document = overview.document
        if passphrase != nil && !document.sealing.isEncrypted { throw .notEncrypted(files.path) }
        var privateKeys: [String: RSAPrivateKey] = [:]
        // The private half of a key is deleted when it retires.
        for record in document.keys
        where record.hasPrivateHalf && [.next, .active].contains(record.state(at: now)) {
            if let key = known?.signingKeys[record.kid]?.key {
                privateKeys[record.kid] = key
            } else {
                privateKeys[record.kid] = try KeyFile(kid: record.kid, generation: document.sealing.generation)
                    .read(from: files, under: passphrase)
            }
        }
        var secrets: [UInt8: [UInt8]] = [:]
        for record in document.refreshSecrets {
            let isKnown = known?.document.refreshSecrets.contains {
                $0.id == record.id && $0.fingerprint == record.fingerprint
            }
            if isKnown == true, let secret = known?.secrets[record.id] {
                secrets[record.id] = secret
            } else {
                secrets[record.id] = try secret(record, sealing: document.sealing).secret
            }
        }
        return KeyringSnapshot(
            document: document, publicKeys: overview.publicKeys, privateKeys: privateKeys, secrets: secrets,
            stamp: stamp)
    }

    /// Reads `keyring.json` alone; `nil` when there is none.
    func overview() throws(KeyringError) -> KeyringOverview? {
        guard let bytes = try files.read(KeyringDocument.fileName, .readable) else { return nil }
        let document = try KeyringDocument(bytes: bytes)
        var publicKeys: [String: RSAPublicKey] = [:]
        for record in document.keys {
            do {
                publicKeys[record.kid] = try RSAPublicKey(modulus: record.modulus, exponent: record.exponent)
            } catch {
                throw KeyringError(
                    .corrupt, "\(KeyringDocument.fileName): key \(record.kid) cannot be used (\(error))")
            }
        }
        return KeyringOverview(document: document, publicKeys: publicKeys)
    }

    /// Reads the file of a secret and holds it to its record.
    func secret(
        _ record: RefreshSecretRecord, sealing: KeyringSealing
    ) throws(KeyringError) -> RefreshSecretFile {
        let name = RefreshSecretFile.name(id: record.id, generation: sealing.generation)
        let path = "\(files.path)/\(name)"
        guard let file = try secretFile(name) else {
            throw KeyringError(
                .corrupt, "\(path) is missing; restore it from a backup, or every session is lost")
        }
        guard file.id == record.id, ConstantTime.areEqual(file.fingerprint, record.fingerprint) else {
            throw KeyringError(
                .corrupt, "\(path) is not the secret that keyring.json names; restore it from a backup")
        }
        return file
    }

    /// Reads a secret of either format; `nil` when there is no such file.
    func secretFile(_ name: String) throws(KeyringError) -> RefreshSecretFile? {
        guard let bytes = try files.read(name, .secret) else { return nil }
        let path = "\(files.path)/\(name)"
        if SealedSecret.isSealed(bytes) {
            guard let passphrase else { throw .passphraseMissing(for: path) }
            guard let file = try SealedSecret.open(bytes, under: passphrase) else {
                throw .passphraseWrong(for: path)
            }
            return file
        }
        guard let file = RefreshSecretFile(bytes: bytes) else {
            throw KeyringError(
                .corrupt, "\(path) is damaged; restore it from a backup, or every session is lost")
        }
        return file
    }
}
