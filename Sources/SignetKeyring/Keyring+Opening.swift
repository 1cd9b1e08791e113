import RSASigning
import RSAVerification
package import SignetStore

extension Keyring {
    /// Opens the keyring of `directory`; makes one with a fresh key and a fresh secret where there is none.
    ///
    /// Two processes that start at once agree on one keyring. A crash while it is made leaves a directory that the
    /// next start completes. A keyring that is there is not changed.
    /// - Parameters:
    ///   - directory: created with mode 0700, with those above it, unless it exists.
    ///   - passphrase: what the secret files are encrypted under; `nil` when they are not.
    ///   - terms: for a keyring that is made.
    ///   - notify: is told what an operator should hear about the directory, now and later.
    /// - Throws: all codes but `missing` and `refused`.
    package static func open(
        directory: String, passphrase: Passphrase? = nil, terms: KeyPolicy = .standard, now: Timestamp = .system(),
        notify: @escaping @Sendable (KeyringNotice) -> Void = { _ in }
    ) throws(KeyringError) -> Keyring {
        let files = KeyringDirectory(path: directory, notify: notify)
        try files.prepare()
        let loader = KeyringLoader(files: files, passphrase: passphrase)
        if let snapshot = try loader.load(at: now) {
            return Keyring(files: files, passphrase: passphrase, snapshot: snapshot)
        }
        return try files.withLock { () throws(KeyringError) in
            if try loader.overview() == nil {
                try KeyringCreation(files: files, passphrase: passphrase, terms: terms).run(at: now)
            }
            guard let snapshot = try loader.load(at: now) else { throw .vanished(files) }
            return Keyring(files: files, passphrase: passphrase, snapshot: snapshot)
        }
    }

    /// Opens the keyring of `directory`, which must be there.
    /// - Parameter notify: as for ``open(directory:passphrase:terms:now:notify:)``.
    /// - Throws: all codes but `generationFailed` and `refused`.
    package static func openExisting(
        directory: String, passphrase: Passphrase? = nil, now: Timestamp = .system(),
        notify: @escaping @Sendable (KeyringNotice) -> Void = { _ in }
    ) throws(KeyringError) -> Keyring {
        let files = KeyringDirectory(path: directory, notify: notify)
        try files.check()
        guard let snapshot = try KeyringLoader(files: files, passphrase: passphrase).load(at: now) else {
            throw .missing(files)
        }
        return Keyring(files: files, passphrase: passphrase, snapshot: snapshot)
    }

    /// Opens the keyring of `directory`, which must be there, with no key and no secret: ``revoke(_:at:)`` reads those
    /// that it needs and can read.
    /// - Parameter notify: as for ``open(directory:passphrase:terms:now:notify:)``.
    /// - Throws: as ``overview(directory:notify:)``.
    package static func openToRevoke(
        directory: String, passphrase: Passphrase?, notify: @escaping @Sendable (KeyringNotice) -> Void = { _ in }
    ) throws(KeyringError) -> Keyring {
        let overview = try overview(directory: directory, notify: notify)
        let snapshot = KeyringSnapshot(
            document: overview.document, publicKeys: overview.publicKeys, privateKeys: [:], secrets: [:])
        return Keyring(
            files: KeyringDirectory(path: directory, notify: notify), passphrase: passphrase, snapshot: snapshot)
    }

    /// Reads what `keyring.json` says, and no secret.
    /// - Parameter notify: as for ``open(directory:passphrase:terms:now:notify:)``.
    /// - Throws: `missing`, `corrupt`, `newerVersion`, `insecureMode`, `inaccessible`.
    package static func overview(
        directory: String, notify: @escaping @Sendable (KeyringNotice) -> Void = { _ in }
    ) throws(KeyringError) -> KeyringOverview {
        let files = KeyringDirectory(path: directory, notify: notify)
        try files.check()
        guard let overview = try KeyringLoader(files: files, passphrase: nil).overview() else {
            throw .missing(files)
        }
        return overview
    }
}

extension KeyringError {
    static func vanished(_ files: KeyringDirectory) -> KeyringError {
        KeyringError(.inaccessible, "\(files.path)/\(KeyringDocument.fileName) vanished")
    }

    static func missing(_ files: KeyringDirectory) -> KeyringError {
        KeyringError(
            .missing,
            "there is no \(files.path)/\(KeyringDocument.fileName): \(KeyringDirectory.whichDirectory)")
    }
}
