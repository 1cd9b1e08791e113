import LocalFiles
import RSASigning
import RSAVerification
import SignetStore

/// Reads a keyring: as a whole, or as much of it as can be read.
struct KeyringLoader {
    let files: KeyringDirectory
    let passphrase: Passphrase?
    /// Keys and secrets that were read before: they are not read again.
    var known: KeyringSnapshot?
    /// The kid of a key whose file nobody needs.
    var ignored: String?

    /// Reads everything that `keyring.json` names; `nil` when there is no such file.
    /// - Throws: what ``read(at:)`` throws, and the first fault that it found.
    func load(at now: Timestamp) throws(KeyringError) -> KeyringSnapshot? {
        guard let reading = try read(at: now) else { return nil }
        if let fault = reading.fault { throw fault }
        return reading.snapshot
    }

    /// Reads what can be read of what `keyring.json` names; `nil` when there is no such file.
    ///
    /// Needs no lock: `keyring.json` is replaced in one step, and what it names was there before it. When a file is
    /// missing because another process just deleted it, `keyring.json` has changed, and it begins again.
    /// - Throws: what is wrong with `keyring.json` itself.
    func read(at now: Timestamp) throws(KeyringError) -> KeyringReading? {
        var tries = 0
        while true {
            let stamp = files.stamp(of: KeyringDocument.fileName)
            let reading = try read(at: now, stamp: stamp)
            tries += 1
            guard tries < 5, reading?.fault?.code == .corrupt, files.stamp(of: KeyringDocument.fileName) != stamp else {
                return reading
            }
        }
    }

    private func read(at now: Timestamp, stamp: FileFingerprint?) throws(KeyringError) -> KeyringReading? {
        guard let overview = try overview() else { return nil }
        let document = overview.document
        // Then nobody can tell which of the two is meant, and no file is opened.
        var fault: KeyringError? =
            passphrase != nil && !document.sealing.isEncrypted ? .notEncrypted(files.path) : nil
        let isReadable = fault == nil
        var keyFaults: [String: KeyringError] = [:]
        var privateKeys: [String: RSAPrivateKey] = [:]
        // The private half of a key is deleted when it retires.
        for record in document.keys
        where record.hasPrivateHalf && [.next, .active].contains(record.state(at: now)) && record.kid != ignored {
            if let key = known?.signingKeys[record.kid]?.key {
                privateKeys[record.kid] = key
            } else if isReadable {
                do throws(KeyringError) {
                    privateKeys[record.kid] = try PrivateKeyFile(
                        kid: record.kid, generation: document.sealing.generation
                    )
                    .read(from: files, under: passphrase, isEncrypted: document.sealing.isEncrypted)
                } catch {
                    keyFaults[record.kid] = error
                    fault = fault ?? error
                }
            }
        }
        var secrets: [UInt8: [UInt8]] = [:]
        for record in document.refreshSecrets {
            if let secret = known?.secret(of: record) {
                secrets[record.id] = secret
            } else if isReadable {
                do throws(KeyringError) {
                    secrets[record.id] = try secret(record, sealing: document.sealing).secret
                } catch {
                    fault = fault ?? error
                }
            }
        }
        return KeyringReading(
            snapshot: KeyringSnapshot(
                document: document, publicKeys: overview.publicKeys, privateKeys: privateKeys, secrets: secrets,
                stamp: fault == nil ? stamp : nil),
            keyFaults: keyFaults, fault: fault)
    }

    /// Reads `keyring.json` alone; `nil` when there is none.
    /// - Parameter ofAnybody: whether it may belong to somebody who has no business with it; nothing that it adds is to be
    ///   believed then.
    func overview(ofAnybody: Bool = false) throws(KeyringError) -> KeyringOverview? {
        guard let bytes = try files.read(KeyringDocument.fileName, .readable, ofAnybody: ofAnybody) else { return nil }
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
        _ record: RefreshSecretRecord, sealing: KeyringEncryption
    ) throws(KeyringError) -> RefreshSecretFile {
        let name = RefreshSecretFile.name(id: record.id, generation: sealing.generation)
        let path = "\(files.path)/\(name)"
        guard let file = try secretFile(name, isEncrypted: sealing.isEncrypted) else {
            throw KeyringError(
                .corrupt, "\(path) is missing; restore it from a backup, or every session is lost")
        }
        guard file.id == record.id, ConstantTime.areEqual(file.fingerprint, record.fingerprint) else {
            throw KeyringError(
                .corrupt, "\(path) is not the secret that keyring.json names; restore it from a backup")
        }
        return file
    }

    /// Reads a secret; `nil` when there is no such file.
    /// - Parameter isEncrypted: whether one that is not encrypted is refused.
    func secretFile(_ name: String, isEncrypted: Bool) throws(KeyringError) -> RefreshSecretFile? {
        guard let bytes = try files.read(name, .secret) else { return nil }
        let path = "\(files.path)/\(name)"
        if EncryptedSecret.isSealed(bytes) {
            guard let passphrase else { throw .passphraseMissing(for: path) }
            guard let file = try EncryptedSecret.open(bytes, under: passphrase) else {
                throw .passphraseWrong(for: path)
            }
            return file
        }
        guard let file = RefreshSecretFile(bytes: bytes) else {
            throw KeyringError(
                .corrupt, "\(path) is damaged; restore it from a backup, or every session is lost")
        }
        if isEncrypted { throw .notEncrypted(file: path) }
        return file
    }
}
