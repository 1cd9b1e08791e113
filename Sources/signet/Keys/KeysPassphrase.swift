import ArgumentParser
import SignetIssuer
import SignetKeyring
import SignetServer

/// `signet keys passphrase`
struct KeysPassphrase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passphrase",
        abstract: "Set, change or remove the passphrase that encrypts the key files.",
        discussion: """
            The current passphrase is read from SIGNET_KEYS_PASSPHRASE_FILE (or SIGNET_KEYS_PASSPHRASE).

            The new passphrase is read from --new-file, else asked for twice, else read as one line from a standard \
            input that is not a terminal. If the key files are not encrypted yet and a passphrase is set, that \
            passphrase becomes the new one.

            All files change in one step. Running services continue with the keys that they have in memory. Restart \
            them with the new passphrase before the next rotation.
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
            // The passphrase of files that are not encrypted yet is meant for this encryption.
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
