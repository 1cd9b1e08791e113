import ArgumentParser
import SignetIssuer
import SignetKeyring
import SignetServer

/// `signet keys passphrase`: sets, changes or removes the passphrase that encrypts the key files.
struct KeysPassphrase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passphrase",
        abstract: "Set, change or remove the passphrase that encrypts the key files.",
        discussion: """
            The current passphrase comes from the setting (--keys-passphrase-file, SIGNET_KEYS_PASSPHRASE_FILE or \
            SIGNET_KEYS_PASSPHRASE).

            The new passphrase comes from --new-file. Without --new-file: if the key files are not encrypted yet, the \
            passphrase of the setting becomes the new one; otherwise the command asks for it twice, or reads one line \
            from a standard input that is not a terminal.

            All files change in one step. Running services use the keys in memory but cannot rotate them. Restart \
            them with the new passphrase before the next key is created. If 'signet keys list' shows 'successor is \
            published' in the column NEXT, the column WHEN has the time.
            """)

    @Flag(help: "Remove the passphrase: store the key files without encryption.") var remove = false
    @Option(help: ArgumentHelp("File whose first line is the new passphrase.", valueName: "file"))
    var newFile: String?
    @OptionGroup var keys: KeysOptions

    func validate() throws {
        if remove && newFile != nil { throw ValidationError("Pass --remove or --new-file, not both.") }
    }

    func run() async throws {
        let overview = try keys.overview()
        if remove && !overview.isEncrypted {
            throw Failure("the key files are not encrypted: there is no passphrase to remove")
        }
        let access = try keys.access()
        let current = try access.requiredPassphrase()
        let keyring = try Keyring.openExisting(
            directory: access.directory, passphrase: overview.isEncrypted ? current : nil, notify: KeysOptions.tell)
        let new =
            remove
            ? nil
            // The new passphrase comes from `--new-file`. Without this option, it comes from the settings if the key
            // files are not encrypted yet, and otherwise from a prompt.
            : try newPassphrase(orElse: overview.isEncrypted ? nil : current, keysDirectory: access.directory)
        let changes = try keyring.reencrypt(under: new)
        for change in changes { print(KeysOptions.text(of: change)) }
        StandardError.write(
            remove
                ? """
                Remove the passphrase from the settings of every service that uses these keys, and restart the service.
                """ : "Set the passphrase for every service that uses these keys, and restart the service.")
        try await KeysOptions.record(changes, in: access.dataDirectory)
    }

    private func newPassphrase(orElse current: Passphrase?, keysDirectory: String) throws -> Passphrase {
        do {
            if let newFile { return try Passphrase(file: newFile, outside: keysDirectory) }
            if let current { return current }
            return try Passphrase(
                try Prompt.password(
                    "passphrase", asking: "New passphrase of the key files (not shown):", twice: true))
        } catch let error as KeyringError {
            throw Failure(ofPassphrase: error)
        }
    }
}
