import ArgumentParser
import SignetIssuer
import SignetKeyring
import SignetServer

/// `signet keys passphrase`
struct KeysPassphrase: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "passphrase",
        abstract: "Encrypt the keys' files under a passphrase, change it, or remove it.",
        discussion: """
            The present passphrase, if there is one, comes from SIGNET_KEYS_PASSPHRASE_FILE (or SIGNET_KEYS_PASSPHRASE). \
            The new one is asked for, or read from --new-file, or as one line from standard input when that is no \
            terminal. For keys that are not encrypted yet, the passphrase that is set is the new one. All files change in one step. Services that run meanwhile go on with the keys that they have, \
            and must be restarted with the new passphrase before the next rotation.
            """)

    @Flag(help: "Write the files without encryption.") var remove = false
    @Option(help: "File whose first line is the new passphrase.") var newFile: String?
    @OptionGroup var keys: KeysOptions

    func validate() throws {
        if remove && newFile != nil { throw ValidationError("--remove and --new-file exclude each other.") }
    }

    func run() async throws {
        let overview = try await keys.overview()
        if remove && !overview.isEncrypted { throw Failure("the keys are not encrypted") }
        let configuration = try await keys.configuration()
        do {
            // What is set may be meant for the encryption that is to come.
            let set = try configuration.readKeysPassphrase()
            let keyring = try Keyring.openExisting(
                directory: configuration.keysDirectory, passphrase: overview.isEncrypted ? set : nil,
                notify: KeysOptions.tell)
            let new =
                remove
                ? nil
                : try newPassphrase(
                    orElse: overview.isEncrypted ? nil : set, keysDirectory: configuration.keysDirectory)
            let changes = try keyring.reseal(under: new)
            print(remove ? "The keys are not encrypted any more." : "The keys are encrypted under the new passphrase.")
            StandardError.write(
                remove
                    ? "Take the passphrase from the settings of every service that uses these keys, and restart it."
                    : "Set it for every service that uses these keys, and restart it.")
            try await KeysOptions.record(changes, configuration)
        } catch {
            throw Failure(describing: error)
        }
    }

    private func newPassphrase(orElse set: Passphrase?, keysDirectory: String) throws -> Passphrase {
        if let newFile { return try Passphrase(file: newFile, outside: keysDirectory) }
        if let set { return set }
        return try Passphrase(
            try PasswordPrompt.read(
                "passphrase", asking: "New passphrase of the keys (not shown):", twice: true))
    }
}
