import LocalFiles
import RSASigning
import SignetStore

/// Reads a keyring from its directory. ``load(at:)`` fails if a key file cannot be read; ``read(at:)`` skips that key.
struct KeyringLoader {
    let files: KeyringDirectory
    let passphrase: Passphrase?
    /// The version of the keyring in memory. Keys that it contains are reused and not read from files. `nil` to read
    /// every file.
    var known: KeyringSnapshot?
    /// The ID of a key whose file is not read, because the key is about to be revoked; `nil` to read all key files.
    var ignoredKeyID: String?

    /// Reads `keyring.json` and every key file; `nil` if there is no `keyring.json`.
    /// - Throws: the error of ``read(at:)``, or the first fault of a key file.
    func load(at now: Timestamp) throws(KeyringError) -> KeyringSnapshot? {
        guard let reading = try read(at: now) else { return nil }
        if let fault = reading.fault { throw fault }
        return reading.snapshot
    }

    /// Reads `keyring.json` and all readable key files; `nil` if there is no `keyring.json`.
    ///
    /// Needs no lock, because key files are written before the `keyring.json` that names them. If a key file is missing
    /// because another process has just deleted it, `keyring.json` has changed too, and both are read again.
    /// - Throws: an error of `keyring.json`. The result contains the errors of key files.
    func read(at now: Timestamp) throws(KeyringError) -> KeyringReading? {
        var attempts = 0
        while true {
            let fingerprint = files.fingerprint(of: KeyringDocument.fileName)
            let reading = try read(at: now, fingerprint)
            attempts += 1
            guard attempts < 5, reading?.fault?.code == .corrupt,
                files.fingerprint(of: KeyringDocument.fileName) != fingerprint
            else { return reading }
        }
    }

    private func read(at now: Timestamp, _ fingerprint: FileFingerprint?) throws(KeyringError) -> KeyringReading? {
        guard let overview = try overview() else { return nil }
        let document = overview.document
        // A passphrase for key files that are not encrypted, according to keyring.json, is a mistake of the operator.
        // Report it, and open no key file.
        var fault: KeyringError? =
            passphrase != nil && !document.encryption.isEncrypted ? .notEncrypted(directory: files.path) : nil
        let opensFiles = fault == nil
        var keyFaults: [String: KeyringError] = [:]
        var privateKeys: [String: RSAPrivateKey] = [:]
        for record in document.keys where record.needsPrivateHalf(at: now) && record.keyID != ignoredKeyID {
            if let key = known?.signingKeys[record.keyID]?.key {
                privateKeys[record.keyID] = key
            } else if opensFiles {
                do throws(KeyringError) {
                    privateKeys[record.keyID] = try privateKey(record.keyID, document.encryption)
                } catch {
                    keyFaults[record.keyID] = error
                    fault = fault ?? error
                }
            }
        }
        var secrets: [UInt8: [UInt8]] = [:]
        for record in document.refreshSecrets {
            if let secret = known?.secret(of: record) {
                secrets[record.id] = secret
            } else if opensFiles {
                do throws(KeyringError) {
                    secrets[record.id] = try secret(record, document.encryption)
                } catch {
                    fault = fault ?? error
                }
            }
        }
        return KeyringReading(
            snapshot: KeyringSnapshot(
                overview, privateKeys: privateKeys, secrets: secrets, fingerprint: fault == nil ? fingerprint : nil),
            keyFaults: keyFaults, fault: fault)
    }

    /// Reads `keyring.json` alone; `nil` if it does not exist.
    /// - Parameter acceptsAnyOwner: `true` also reads a file that belongs to a user other than root, this process's
    ///   user and the owner of the directory. Do not trust the keys that such a file adds.
    func overview(acceptsAnyOwner: Bool = false) throws(KeyringError) -> KeyringOverview? {
        guard let bytes = try files.read(KeyringDocument.fileName, .readable, acceptsAnyOwner: acceptsAnyOwner)
        else { return nil }
        return try KeyringOverview(KeyringDocument(bytes: bytes))
    }

    /// Checks that the passphrase decrypts an existing key file. Call this before a new key file is encrypted, because
    /// another process may have changed the passphrase since this process started. One readable file is enough, because
    /// the others may be damaged.
    func checkPassphrase(of document: KeyringDocument) throws(KeyringError) {
        guard document.encryption.isEncrypted else {
            if passphrase != nil { throw .notEncrypted(directory: files.path) }
            return
        }
        var fault: KeyringError?
        for record in document.refreshSecrets.reversed() {
            do throws(KeyringError) {
                _ = try secret(record, document.encryption)
                return
            } catch {
                fault = fault ?? error
            }
        }
        for record in document.keys where record.hasPrivateHalf {
            do throws(KeyringError) {
                _ = try privateKey(record.keyID, document.encryption)
                return
            } catch {
                fault = fault ?? error
            }
        }
        if let fault { throw fault }
    }

    private func privateKey(_ keyID: String, _ encryption: KeyringEncryption) throws(KeyringError) -> RSAPrivateKey {
        try PrivateKeyFile(keyID: keyID, encryptionRound: encryption.round)
            .read(from: files, under: passphrase, isEncrypted: encryption.isEncrypted)
    }

    private func secret(
        _ record: RefreshSecretRecord, _ encryption: KeyringEncryption
    ) throws(KeyringError) -> [UInt8] {
        let name = RefreshSecretFile.Name(id: record.id, encryptionRound: encryption.round)
        let path = files.path(of: name.text)
        let file = try RefreshSecretFile.read(
            name, from: files, under: passphrase, isEncrypted: encryption.isEncrypted)
        guard let file else {
            throw KeyringError(.corrupt, "\(path) is missing: restore it from a backup, or all sessions are lost")
        }
        guard file.id == record.id, ConstantTime.areEqual(file.fingerprint, record.fingerprint) else {
            throw KeyringError(
                .corrupt,
                "\(path) does not match its fingerprint in \(KeyringDocument.fileName): restore it from a backup")
        }
        return file.secret
    }
}

/// A keyring as read from its directory, with the errors of the key files that could not be read.
struct KeyringReading {
    /// The version of the keyring, with the signing keys and HMAC keys that could be read.
    let snapshot: KeyringSnapshot
    /// The errors of private keys that could not be read, by key ID.
    let keyFaults: [String: KeyringError]
    /// The first error of any key file; `nil` if every key file could be read.
    let fault: KeyringError?

    /// Whether `key` can sign in place of a revoked key. `true` if its file was read. Also `true` if this process has
    /// no passphrase to read the file, because other processes may have the passphrase.
    func isUsable(_ key: KeyRecord) -> Bool {
        guard let fault = keyFaults[key.keyID] else { return true }
        return fault.code == .passphraseMissing
    }
}
