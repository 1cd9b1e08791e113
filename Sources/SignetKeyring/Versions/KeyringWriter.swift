import RSASigning
import SignetStore

/// Writes the next version of a keyring. Hold the lock of the directory.
///
/// New key files come first, then `keyring.json`, which names them. Replacing `keyring.json` is the change. Then files
/// that it no longer names are deleted. A crash leaves the old version or the new one, and perhaps unnamed files, which
/// the next change or the next start deletes.
struct KeyringWriter {
    let files: KeyringDirectory
    /// The passphrase of the current version.
    let passphrase: Passphrase?

    /// Writes `draft`.
    /// - Returns: the new version.
    /// - Throws: `refused` if `keyring.json` would be too large; `inaccessible`; the faults of the passphrase.
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
            // Remove the new files, which would fill the disk a little more with each attempt. If keyring.json was
            // replaced, only syncing its directory failed: it names the new files, so they stay.
            if files.fingerprint(of: KeyringDocument.fileName) == before {
                for name in written { try? files.remove(name) }
            }
            throw error
        }
        // The change is made. Files that cannot be deleted now are deleted after the next change.
        try? removeLeftovers(of: draft.document)
        let fingerprint = current.fingerprint == nil ? nil : files.fingerprint(of: KeyringDocument.fileName)
        return current.applying(draft, fingerprint: fingerprint)
    }

    /// Deletes the files that ``leftovers(of:)`` names, as many as possible.
    /// - Throws: `inaccessible` for the first that cannot be deleted.
    func removeLeftovers(of document: KeyringDocument) throws(KeyringError) {
        var fault: KeyringError?
        for name in try leftovers(of: document) {
            do throws(KeyringError) { try files.remove(name) } catch { fault = fault ?? error }
        }
        if let fault { throw fault }
    }

    /// The names of key files and drafts that `document` does not name: earlier versions and crashes left them behind.
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
