import ArgumentParser
import SignetIssuer
import SignetKeyring
import SignetServer
import SignetStore

/// The option of the key commands that change nothing: the directory of the keys.
struct KeysDirectoryOptions: ParsableArguments {
    @Option(
        name: .customLong(Setting.keys.flag),
        help: ArgumentHelp(
            "Directory of the keys. (\(Setting.keys.environmentName); default: \(Setting.keys.defaultText))",
            valueName: Setting.keys.valueName))
    var keys: String?

    /// Reads `keyring.json`, which is not encrypted.
    /// - Throws: `Failure` or `SettingError` if the settings cannot be read; `KeyringError` if `keyring.json` cannot be
    ///   read.
    func overview() throws -> KeyringOverview {
        let settings = try SettingSource(flags: keys.map { [.keys: $0] } ?? [:]).reader
        return try Keyring.overview(directory: settings.keysDirectory(), notify: KeysOptions.tell)
    }
}

/// The options of the commands that change keys: the directory of the keys, the file with their passphrase, and the
/// directory of the store. The audit log in the store records each change of the keys.
struct KeysOptions: ParsableArguments {
    @OptionGroup var directory: KeysDirectoryOptions
    @Option(
        name: .customLong(Setting.keysPassphraseFile.flag),
        help: ArgumentHelp(
            """
            File whose first line is the passphrase of the files in the directory of the keys. \
            (\(Setting.keysPassphraseFile.environmentName); default: none)
            """, valueName: Setting.keysPassphraseFile.valueName))
    var passphraseFile: String?
    @Option(
        name: .customLong(Setting.data.flag),
        help: ArgumentHelp(
            """
            Directory of the store, whose audit log records the change. (\(Setting.data.environmentName); default: \
            \(Setting.data.defaultText))
            """, valueName: Setting.data.valueName))
    var data: String?

    /// Returns a reader of the settings from these options, the environment and the `.env` file. Each command reads
    /// only the settings that it uses.
    /// - Throws: ``Failure`` if the `.env` file cannot be read.
    func settings() throws -> SettingReader {
        var flags: [Setting: String] = [:]
        flags[.keys] = directory.keys
        flags[.data] = data
        flags[.keysPassphraseFile] = passphraseFile
        return try SettingSource(flags: flags).reader
    }

    /// Reads `keyring.json`, like ``KeysDirectoryOptions/overview()``.
    func overview() throws -> KeyringOverview { try directory.overview() }

    /// The settings of a command that changes the keys: the directories, and where the passphrase comes from.
    struct Access {
        /// Directory of the keys.
        let directory: String
        /// Directory of the store.
        let dataDirectory: String
        fileprivate let source: PassphraseSource?

        /// Reads the passphrase of the key files; `nil` if the settings name no passphrase.
        func passphrase() throws(KeyringError) -> Passphrase? { try source?.passphrase(outside: directory) }

        /// Reads the passphrase like ``passphrase()``, but turns an error into a message for the user.
        /// - Returns: `nil` if the settings name no passphrase.
        /// - Throws: ``Failure`` if the passphrase cannot be read.
        func requiredPassphrase() throws(Failure) -> Passphrase? {
            do {
                return try passphrase()
            } catch {
                throw Failure(ofPassphrase: error)
            }
        }

        /// Opens the keyring to change it. Every key file must be readable.
        func open() throws -> Keyring {
            try Keyring.openExisting(directory: directory, passphrase: requiredPassphrase(), notify: KeysOptions.tell)
        }

        /// Opens the keyring to revoke a key. Skips key files and a passphrase that cannot be read, because an
        /// emergency revocation must not wait for their repair.
        func openToRevoke() throws -> Keyring {
            var passphrase: Passphrase?
            do {
                passphrase = try self.passphrase()
            } catch {
                StandardError.write("Continuing without a passphrase: \(error.detail)")
            }
            return try Keyring.openToRevoke(directory: directory, passphrase: passphrase, notify: KeysOptions.tell)
        }
    }

    /// Reads the settings of a command that changes the keys.
    /// - Throws: ``Failure`` if the `.env` file cannot be read; `SettingError` for a missing or invalid setting.
    func access() throws -> Access {
        let settings = try settings()
        return Access(
            directory: try settings.keysDirectory(), dataDirectory: try settings.dataDirectory(),
            source: try settings.keysPassphrase())
    }

    /// Changes the keyring, prints the changes, and records them in the audit log.
    /// - Parameters:
    ///   - opening: opens the keyring.
    ///   - body: makes the changes.
    ///   - adding: prints further lines about the changes.
    /// - Throws: ``Failure`` if the keys were changed but the audit log was not, or if a file that the settings name
    ///   cannot be read; `SettingError` for an invalid setting; `KeyringError` if the keys cannot be read or changed.
    func change(
        opening: (Access) throws -> Keyring = { try $0.open() }, _ body: (Keyring) throws -> [KeyChange],
        adding: (Keyring, [KeyChange]) -> Void = { _, _ in }
    ) async throws {
        let access = try access()
        let keyring = try opening(access)
        let changes = try body(keyring)
        for change in changes { print(Self.text(of: change)) }
        adding(keyring, changes)
        try await Self.record(changes, in: access.dataDirectory)
    }

    /// Prints a notice about the directory of the keys on standard error.
    static let tell: @Sendable (KeyringNotice) -> Void = { StandardError.write($0.text) }

    /// Prints when each added key becomes active. `changes` are the changes that a command made to the keyring.
    static func noteActivation(of changes: [KeyChange], _ keyring: Keyring) {
        let listing = keyring.listing(at: .system())
        for key in listing where key.state == .next && changes.contains(where: { $0.keyID == key.keyID }) {
            StandardError.write(
                key.nextAt.map {
                    """
                    The key becomes active at \($0.rfc3339Seconds). To activate it once every verifier has had time to \
                    fetch it, run 'signet keys rotate'.
                    """
                } ?? "The key waits for 'signet keys rotate'.")
        }
    }

    /// Records changes of the keys in the audit log. Call it after printing the changes: the keys have changed even if
    /// this call throws.
    /// - Throws: ``Failure`` if the audit log could not be written.
    static func record(_ changes: [KeyChange], in dataDirectory: String) async throws {
        do {
            let data = try DataStore.openExisting(dataDirectory)
            defer { data.close() }
            try await AuditTrail(store: data.store, now: Timestamp.system)
                .record(changes, by: .operator, in: data.store)
        } catch {
            throw Failure(
                """
                the keys were changed, but the audit log does not record the change: \
                \(Failure(describing: error).message)
                """, exitCode: Failure.Code.cannotCreate)
        }
    }

    /// The line that a command prints about a change of the keys.
    static func text(of change: KeyChange) -> String {
        switch change {
        case .generated(let keyID): "Generated key \(keyID)."
        case .imported(let keyID): "Imported key \(keyID)."
        case .scheduled(let keyID, let time):
            time <= .system() ? "Key \(keyID) is active now." : "Key \(keyID) becomes active at \(time.rfc3339Seconds)."
        case .revoked(let keyID): "Revoked key \(keyID)."
        case .secretGenerated(let id, let time):
            "Generated refresh token HMAC key \(id); new refresh tokens use it from \(time.rfc3339Seconds) on."
        case .reencrypted(true): "The key files are encrypted with the new passphrase."
        case .reencrypted(false): "The key files are not encrypted any more."
        case .retired(let keyID): "Retired key \(keyID) and deleted its private half."
        case .removed(let keyID): "Removed key \(keyID) from the published keys."
        case .secretRemoved, .policyChanged: "\(change.summary)."
        }
    }
}
