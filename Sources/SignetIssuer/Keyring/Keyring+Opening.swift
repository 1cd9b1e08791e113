import RSASigning
import RSAVerification
package import SignetStore

extension Keyring {
    /// Opens the keyring of `directory`; makes one with a fresh key and a fresh secret where there is none.
    ///
    /// Two processes that start at once agree on one keyring. A crash while it is made leaves a directory that the
    /// next start completes. A keyring that is there is never changed.
    /// - Parameter directory: created with mode 0700, with those above it, unless it exists.
    /// - Throws: all codes but `missing`.
    package static func open(directory: String, now: Timestamp = .system()) throws(KeyringError) -> Keyring {
        let files = KeyringDirectory(path: directory)
        try files.prepare()
        if let keyring = try load(files, at: now) { return keyring }
        return try files.withLock { () throws(KeyringError) in
            if let keyring = try load(files, at: now) { return keyring }
            try KeyringCreation(files: files).run(at: now)
            guard let keyring = try load(files, at: now) else {
                throw KeyringError(.inaccessible, "\(directory)/\(KeyringDocument.fileName) vanished")
            }
            return keyring
        }
    }

    /// Opens the keyring of `directory`, which must be there.
    /// - Throws: all codes but `generationFailed`.
    package static func openExisting(
        directory: String, now: Timestamp = .system()
    ) throws(KeyringError) -> Keyring {
        let files = KeyringDirectory(path: directory)
        try files.check()
        guard let keyring = try load(files, at: now) else {
            throw KeyringError(.missing, "there is no \(directory)/\(KeyringDocument.fileName)")
        }
        return keyring
    }

    /// Reads everything that `keyring.json` names; `nil` when there is no such file.
    private static func load(_ files: KeyringDirectory, at now: Timestamp) throws(KeyringError) -> Keyring? {
        guard let bytes = try files.read(KeyringDocument.fileName, .readable) else { return nil }
        let document = try KeyringDocument(bytes: bytes)
        var publicKeys: [String: RSAPublicKey] = [:]
        var privateKeys: [String: RSAPrivateKey] = [:]
        for record in document.keys { publicKeys[record.kid] = try publicKey(of: record) }
        // The private half of a key is deleted when it retires.
        for record in document.keys where [.next, .active].contains(record.state(at: now)) {
            privateKeys[record.kid] = try KeyFile(kid: record.kid).read(from: files)
        }
        var secrets: [UInt8: [UInt8]] = [:]
        for record in document.refreshSecrets { secrets[record.id] = try secret(record, files) }
        guard let current = document.refreshSecrets.last else {
            throw KeyringError(.corrupt, "\(KeyringDocument.fileName): refreshSecrets is empty")
        }
        return Keyring(
            document: document, publicKeys: publicKeys, privateKeys: privateKeys,
            refreshSecrets: RefreshSecrets(currentID: current.id, secrets: secrets))
    }

    private static func publicKey(of record: KeyRecord) throws(KeyringError) -> RSAPublicKey {
        do {
            return try RSAPublicKey(modulus: record.modulus, exponent: record.exponent)
        } catch {
            throw KeyringError(.corrupt, "\(KeyringDocument.fileName): key \(record.kid) cannot be used (\(error))")
        }
    }

    private static func secret(
        _ record: RefreshSecretRecord, _ files: KeyringDirectory
    ) throws(KeyringError) -> [UInt8] {
        let name = RefreshSecretFile.name(id: record.id)
        guard let bytes = try files.read(name, .secret) else {
            throw KeyringError(
                .corrupt, "\(files.path)/\(name) is missing; restore it from a backup, or every session is lost")
        }
        guard let file = RefreshSecretFile(bytes: bytes), file.id == record.id,
            ConstantTime.areEqual(file.fingerprint, record.fingerprint)
        else {
            throw KeyringError(
                .corrupt,
                "\(files.path)/\(name) is not the secret that keyring.json names; restore it from a backup")
        }
        return file.secret
    }
}
