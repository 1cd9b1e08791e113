package import SignetStore

extension Keyring {
    /// Opens the keyring in `directory`, and creates it with one signing key and one refresh token HMAC key if there is
    /// none.
    ///
    /// If two processes start at once, both open the same keyring. If a process crashes during the creation, the next
    /// start completes it.
    /// - Parameters:
    ///   - directory: created with mode 0700 if it does not exist, with its parents.
    ///   - passphrase: the passphrase of the key files; `nil` if they are not encrypted.
    ///   - policy: the policy of a keyring that is created.
    ///   - notify: receives what the operator should know about the directory, now and later.
    /// - Throws: all codes but `missing` and `refused`.
    package static func open(
        directory: String, passphrase: Passphrase? = nil, policy: KeyPolicy = .standard, now: Timestamp = .system(),
        notify: @escaping @Sendable (KeyringNotice) -> Void = { _ in }
    ) throws(KeyringError) -> Keyring {
        let files = KeyringDirectory(path: directory, notify: notify)
        try files.prepare()
        let loader = KeyringLoader(files: files, passphrase: passphrase)
        if let snapshot = try loader.load(at: now) {
            // The process that created the keyring may have been killed just before it did this.
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
    /// - Parameter notify: as for ``open(directory:passphrase:policy:now:notify:)``.
    /// - Throws: all codes but `generationFailed` and `refused`.
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

    /// Opens the existing keyring in `directory` without reading key files. ``revoke(_:at:)`` then reads those that it
    /// needs.
    /// - Parameter notify: as for ``open(directory:passphrase:policy:now:notify:)``.
    /// - Throws: as ``overview(directory:notify:)``.
    package static func openToRevoke(
        directory: String, passphrase: Passphrase?, notify: @escaping @Sendable (KeyringNotice) -> Void = { _ in }
    ) throws(KeyringError) -> Keyring {
        let snapshot = KeyringSnapshot(
            try overview(directory: directory, notify: notify), privateKeys: [:], secrets: [:])
        return Keyring(
            files: KeyringDirectory(path: directory, notify: notify), passphrase: passphrase, snapshot: snapshot)
    }

    /// Reads `keyring.json` alone. Needs no passphrase.
    /// - Parameter notify: as for ``open(directory:passphrase:policy:now:notify:)``.
    /// - Throws: `missing`, `corrupt`, `newerVersion`, `insecureMode`, `inaccessible`.
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
