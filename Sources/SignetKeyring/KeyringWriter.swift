import RSASigning
import RSAVerification
import SignetStore

/// Writes the next version of a keyring. Runs under the directory's lock.
///
/// First the new secret files, then `keyring.json`, which names them, in one step; then whatever it does not name any
/// more is deleted. A crash before that step leaves the old version, one after it the new one, and either may leave
/// files that nobody names: the next write, or the next start, deletes them.
struct KeyringWriter {
    let files: KeyringDirectory
    let passphrase: Passphrase?

    /// Reads what is there now, lets `body` change it, and writes it when it did.
    /// - Parameters:
    ///   - isCommand: whether an operator wants the change now, whatever clock wrote the keyring before.
    ///   - kid: of a key to be dropped, if that is the change: its file is not read then, nor does one that cannot be read
    ///     keep it from being made.
    /// - Returns: what is there afterwards, and what was done.
    func write(
        known: KeyringSnapshot, isCommand: Bool, revoking kid: String? = nil, at now: Timestamp,
        _ body: (inout KeyringDraft) throws(KeyringError) -> Void
    ) throws(KeyringError) -> (KeyringSnapshot, [KeyChange]) {
        try files.check()
        let loader = KeyringLoader(files: files, passphrase: passphrase, known: known, ignored: kid)
        guard let reading = try loader.read(at: now) else { throw .vanished(files) }
        if kid == nil, let fault = reading.fault { throw fault }
        let current = reading.snapshot
        var draft = KeyringDraft(of: reading, passphrase: passphrase, at: now)
        try body(&draft)
        guard draft.document != current.document else { return (current, []) }
        draft.document.writtenAt = isCommand ? draft.now : max(draft.now, current.document.writtenAt)
        let new = try write(draft)
        // The change is made; what could not be deleted goes with the next one.
        try? sweep(keeping: new.document)
        return (new, draft.changes)
    }

    /// Deletes what earlier versions, and crashes, left behind: all that can be deleted.
    /// - Throws: `inaccessible` for the first that cannot.
    func sweep(keeping document: KeyringDocument) throws(KeyringError) {
        var fault: KeyringError?
        for name in try leftovers(of: document) {
            do throws(KeyringError) { try files.remove(name) } catch { fault = fault ?? error }
        }
        if let fault { throw fault }
    }

    /// The names of files that look like a keyring's and that `document` does not name.
    func leftovers(of document: KeyringDocument) throws(KeyringError) -> [String] {
        let generation = document.sealing.generation
        var named = Set(document.refreshSecrets.map { RefreshSecretFile.name(id: $0.id, generation: generation) })
        for key in document.keys where key.hasPrivateHalf {
            named.insert(PrivateKeyFile(kid: key.kid, generation: generation).name)
        }
        return try files.names().filter { name in
            guard !named.contains(name) else { return false }
            return KeyringDirectory.isDraft(name) || PrivateKeyFile(name: name) != nil
                || RefreshSecretFile.parse(name: name) != nil
        }
    }

    private func write(_ draft: KeyringDraft) throws(KeyringError) -> KeyringSnapshot {
        let documentBytes = draft.document.bytes
        guard documentBytes.count <= KeyringDirectory.maximumFileSize else {
            throw KeyringError(
                .refused,
                """
                \(KeyringDocument.fileName) would have \(documentBytes.count) bytes, and \
                \(KeyringDirectory.maximumFileSize) are the most that is read
                """)
        }
        let current = draft.current
        var privateKeys = current.signingKeys.mapValues(\.key)
        for key in draft.newKeys { privateKeys[PrivateKeyFile.kid(of: key)] = key }
        var secrets = current.secrets
        for secret in draft.newSecrets { secrets[secret.id] = secret.secret }
        let kept = Set(draft.document.keys.filter(\.hasPrivateHalf).map(\.kid))
        privateKeys = privateKeys.filter { kept.contains($0.key) }
        let ids = Set(draft.document.refreshSecrets.map(\.id))
        secrets = secrets.filter { ids.contains($0.key) }

        let newKeys = draft.isResealed ? Array(privateKeys.values) : draft.newKeys
        let newSecrets =
            draft.isResealed ? secrets.map { RefreshSecretFile(id: $0.key, secret: $0.value) } : draft.newSecrets
        if !draft.isResealed, !newKeys.isEmpty || !newSecrets.isEmpty { try checkPassphrase(of: current.document) }
        let before = files.stamp(of: KeyringDocument.fileName)
        var written: [String] = []
        do {
            let generation = draft.document.sealing.generation
            for secret in newSecrets {
                let name = RefreshSecretFile.name(id: secret.id, generation: generation)
                written.append(name)
                try files.write(try Self.bytes(of: secret, under: draft.passphrase), to: name)
            }
            for key in newKeys {
                let name = PrivateKeyFile(kid: PrivateKeyFile.kid(of: key), generation: generation).name
                written.append(name)
                try files.write(try Self.bytes(of: key, under: draft.passphrase), to: name)
            }
            try files.write(documentBytes, to: KeyringDocument.fileName)
        } catch {
            // On a full disk, what was written would be in the way of the next try. Once the new version is in its place, it
            // names these files, whatever failed after that.
            if files.stamp(of: KeyringDocument.fileName) == before {
                for name in written { try? files.remove(name) }
            }
            throw error
        }
        var publicKeys = current.overview.publicKeys
        for key in draft.newKeys { publicKeys[PrivateKeyFile.kid(of: key)] = key.publicKey }
        return KeyringSnapshot(
            document: draft.document, publicKeys: publicKeys, privateKeys: privateKeys, secrets: secrets,
            stamp: current.stamp == nil ? nil : files.stamp(of: KeyringDocument.fileName))
    }

    /// Makes sure that a file encrypted now opens with the passphrase that the others have: it may have been changed
    /// while this process ran. One of them is enough, since others may be damaged.
    private func checkPassphrase(of document: KeyringDocument) throws(KeyringError) {
        guard document.sealing.isEncrypted else {
            if passphrase != nil { throw .notEncrypted(files.path) }
            return
        }
        let loader = KeyringLoader(files: files, passphrase: passphrase)
        var fault: KeyringError?
        for secret in document.refreshSecrets.reversed() {
            do throws(KeyringError) {
                _ = try loader.secret(secret, sealing: document.sealing)
                return
            } catch {
                fault = fault ?? error
            }
        }
        for key in document.keys where key.hasPrivateHalf {
            let file = PrivateKeyFile(kid: key.kid, generation: document.sealing.generation)
            do throws(KeyringError) {
                _ = try file.read(from: files, under: passphrase, isEncrypted: true)
                return
            } catch {
                fault = fault ?? error
            }
        }
        if let fault { throw fault }
    }

    static func bytes(of key: RSAPrivateKey, under passphrase: Passphrase?) throws(KeyringError) -> [UInt8] {
        do {
            return Array(try key.pem(passphrase: passphrase?.bytes).utf8)
        } catch {
            throw KeyringError(.generationFailed, "a signing key could not be written: \(error)")
        }
    }

    static func bytes(
        of secret: RefreshSecretFile, under passphrase: Passphrase?
    ) throws(KeyringError) -> [UInt8] {
        guard let passphrase else { return secret.bytes }
        return try EncryptedSecret.seal(secret, under: passphrase)
    }
}
