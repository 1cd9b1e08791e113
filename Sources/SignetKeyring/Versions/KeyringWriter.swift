import RSASigning
import SignetStore

/// Writes the next version of a keyring. The caller must hold the directory's lock.
///
/// The writer first writes new key files, then replaces `keyring.json`, which names the key files, and then deletes key
/// files that `keyring.json` no longer names. After a crash, the directory holds either the old version or the new
/// version, and perhaps unnamed key files. The next change or the next start deletes the unnamed files.
struct KeyringWriter {
    let files: KeyringDirectory
    /// The passphrase of the existing key files; `nil` if they are not encrypted.
    let passphrase: Passphrase?

    /// Writes the next version, which `draft` describes, to the directory.
    /// - Returns: the written version.
    /// - Throws: `refused` if `keyring.json` would exceed ``KeyringDirectory/maximumFileSize``; `inaccessible` if a
    ///   file cannot be written; `passphraseMissing`, `passphraseWrong` or `notEncrypted` if ``passphrase`` does not
    ///   fit the existing key files.
    func write(_ draft: KeyringDraft, replacing current: KeyringSnapshot) throws(KeyringError) -> KeyringSnapshot {
        let documentBytes = draft.document.bytes
        guard documentBytes.count <= KeyringDirectory.maximumFileSize else {
            throw KeyringError(
                .refused,
                """
                \(KeyringDocument.fileName) would have \(documentBytes.count) bytes, but the maximum is \
                \(KeyringDirectory.maximumFileSize): wait until retired keys have been removed
                """)
        }
        let new = current.applying(draft, fingerprint: nil)
        let rewritesAll = draft.reencryption != nil
        let privateKeys = rewritesAll ? new.privateKeys : draft.newKeys
        let secrets = rewritesAll ? new.secrets : draft.newSecrets
        if !rewritesAll, !privateKeys.isEmpty || !secrets.isEmpty {
            try KeyringLoader(files: files, passphrase: passphrase).checkPassphrase(of: current.document)
        }
        let before = files.fingerprint(of: KeyringDocument.fileName)
        var written: [String] = []
        do throws(KeyringError) {
            let round = draft.document.encryption.round
            let passphrase = draft.reencryption.map(\.passphrase) ?? passphrase
            for (id, secret) in secrets {
                written.append(RefreshSecretFile.Name(id: id, encryptionRound: round).text)
                try RefreshSecretFile(id: id, secret: secret)
                    .write(to: files, encryptionRound: round, under: passphrase)
            }
            for (keyID, key) in privateKeys {
                let file = PrivateKeyFile(keyID: keyID, encryptionRound: round)
                written.append(file.name)
                try file.write(key, to: files, under: passphrase)
            }
            try files.write(documentBytes, to: KeyringDocument.fileName)
        } catch {
            // Remove the new key files, so that repeated failures do not fill the directory. Keep them if keyring.json
            // was replaced and only the sync of the directory failed, because keyring.json now names them.
            if files.fingerprint(of: KeyringDocument.fileName) == before {
                for name in written { try? files.remove(name) }
            }
            throw error
        }
        // Ignore an error here: the new `keyring.json` is already in effect. Key files that cannot be deleted now are
        // deleted after the next change.
        try? removeLeftovers(of: draft.document)
        let fingerprint = current.fingerprint == nil ? nil : files.fingerprint(of: KeyringDocument.fileName)
        return current.applying(draft, fingerprint: fingerprint)
    }

    /// Deletes the files that ``leftovers(of:)`` returns. If one of them cannot be deleted, still deletes the rest.
    /// - Throws: `inaccessible` for the first file that cannot be deleted.
    func removeLeftovers(of document: KeyringDocument) throws(KeyringError) {
        var fault: KeyringError?
        for name in try leftovers(of: document) {
            do throws(KeyringError) { try files.remove(name) } catch { fault = fault ?? error }
        }
        if let fault { throw fault }
    }

    /// The names of key files that `document` does not name, and of drafts (half-written files). They are left from
    /// earlier versions of the keyring and from crashes.
    func leftovers(of document: KeyringDocument) throws(KeyringError) -> [String] {
        let round = document.encryption.round
        var named = Set(
            document.refreshSecrets.map { RefreshSecretFile.Name(id: $0.id, encryptionRound: round).text })
        for key in document.keys where key.hasPrivateHalf {
            named.insert(PrivateKeyFile(keyID: key.keyID, encryptionRound: round).name)
        }
        return try files.names().filter { !named.contains($0) && KeyringDirectory.isKeyFileOrDraft($0) }
    }
}
