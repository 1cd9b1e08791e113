package import SignetStore

extension Keyring {
    /// Opens the keyring in `directory`. If there is no keyring, creates one with one signing key and one refresh token
    /// HMAC key.
    ///
    /// If two processes start at once, both open the same keyring. If a process crashes while it creates the keyring,
    /// the next start completes the keyring.
    /// - Parameters:
    ///   - directory: the directory of the keyring. Signet creates it and its parents with mode 0700 if they do not
    ///     exist.
    ///   - passphrase: the passphrase of the key files; `nil` if they are not encrypted.
    ///   - policy: the key policy for a new keyring. An existing keyring keeps its stored policy.
    ///   - notify: receives notices for the operator about the directory, also after this call returns.
    /// - Throws: every `KeyringError` code except `missing` and `refused`.
    package static func open(
        directory: String, passphrase: Passphrase? = nil, policy: KeyPolicy = .standard, now: Timestamp = .system(),
        notify: @escaping @Sendable (KeyringNotice) -> Void = { _ in }
    ) throws(KeyringError) -> Keyring {
        let files = KeyringDirectory(path: directory, notify: notify)
        try files.prepare()
        let loader = KeyringLoader(files: files, passphrase: passphrase)
        if let snapshot = try loader.load(at: now) {
            // Sync the directories, because the process that created the keyring may have been killed before it synced
            // them.
            try? files.syncPath()
            return Keyring(files: files, passphrase: passphrase, snapshot: snapshot)
        }
        return try files.withLock { () throws(KeyringError) in
            if try loader.overview() == nil {
                try KeyringCreation(files: files, passphrase: passphrase, policy: policy).run(at: now)
            }
            guard let snapshot = try loader.load(at: now) else {
                throw .documentRemoved(files.path(of: KeyringDocument.fileName))
            }
            return Keyring(files: files, passphrase: passphrase, snapshot: snapshot)
        }
    }

    /// Opens the existing keyring in `directory`.
    /// - Parameter notify: receives notices for the operator about the directory, also after this call returns.
    /// - Throws: ``KeyringError`` if `keyring.json` does not exist, if it or a key file cannot be read or is insecure,
    ///   or if the passphrase is missing or wrong.
    package static func openExisting(
        directory: String, passphrase: Passphrase? = nil, now: Timestamp = .system(),
        notify: @escaping @Sendable (KeyringNotice) -> Void = { _ in }
    ) throws(KeyringError) -> Keyring {
        let files = KeyringDirectory(path: directory, notify: notify)
        try files.check()
        guard let snapshot = try KeyringLoader(files: files, passphrase: passphrase).load(at: now) else {
            throw .missing(files.path(of: KeyringDocument.fileName))
        }
        return Keyring(files: files, passphrase: passphrase, snapshot: snapshot)
    }

    /// Opens the existing keyring in `directory` without reading key files, so that a key can be revoked even if key
    /// files are damaged. ``revoke(_:at:)`` reads the key files that it needs.
    /// - Parameter notify: receives notices for the operator about the directory, also after this call returns.
    /// - Throws: ``KeyringError`` if `keyring.json` does not exist or cannot be read, or if other users can change it.
    package static func openToRevoke(
        directory: String, passphrase: Passphrase?, notify: @escaping @Sendable (KeyringNotice) -> Void = { _ in }
    ) throws(KeyringError) -> Keyring {
        let snapshot = KeyringSnapshot(
            try overview(directory: directory, notify: notify), privateKeys: [:], secrets: [:])
        return Keyring(
            files: KeyringDirectory(path: directory, notify: notify), passphrase: passphrase, snapshot: snapshot)
    }

    /// Reads `keyring.json` and no key files. Needs no passphrase.
    /// - Parameter notify: receives notices for the operator about the directory.
    /// - Throws: ``KeyringError`` if `keyring.json` does not exist, is damaged, cannot be read or comes from a newer
    ///   version of Signet, or if other users can change it.
    package static func overview(
        directory: String, notify: @escaping @Sendable (KeyringNotice) -> Void = { _ in }
    ) throws(KeyringError) -> KeyringOverview {
        let files = KeyringDirectory(path: directory, notify: notify)
        try files.check()
        guard let overview = try KeyringLoader(files: files, passphrase: nil).overview() else {
            throw .missing(files.path(of: KeyringDocument.fileName))
        }
        return overview
    }
}
