import ArgumentParser
import LocalFiles
import SignetIssuer
import SignetKeyring

/// `signet keys generate`: creates the next signing key.
struct KeysGenerate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Create the next signing key and publish it.",
        discussion: """
            The key becomes active at the next rotation. If SIGNET_KEY_ROTATION is off, it waits for 'signet keys \
            rotate'. Only one next key can exist at a time.
            """)

    @OptionGroup var keys: KeysOptions

    func run() async throws {
        try await keys.change { keyring in
            try keyring.generate()
        } adding: { keyring, changes in
            KeysOptions.noteActivation(of: changes, keyring)
        }
    }
}

/// `signet keys import`: adds an existing private key as the next signing key.
struct KeysImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Add an existing private key as the next signing key.",
        discussion: """
            The file is PEM: PKCS#8 (encrypted or not) or PKCS#1, RSA with 2048 to 8192 bits. The key is published \
            at once and becomes active at the next rotation, like a key that 'signet keys generate' creates. Only one \
            next key can exist at a time: the import is refused while another key waits.

            The id of the key (kid) is its RFC 7638 thumbprint, even if the key had another kid at another issuer. If \
            verifiers already have the key under its thumbprint, activate it with 'signet keys rotate --now'.
            """)

    @Argument(help: "PEM file of the private key.") var file: String
    @Option(
        help: ArgumentHelp(
            """
            File (mode 0600) whose first line is the passphrase of the PEM file to import. The passphrase of the \
            directory of the keys is --keys-passphrase-file. Without --key-passphrase-file, the command asks for the \
            passphrase of an encrypted PEM file.
            """, valueName: "file"))
    var keyPassphraseFile: String?
    @OptionGroup var keys: KeysOptions

    func run() async throws {
        let pem = try Self.pem(in: file)
        var passphrase: String?
        if let keyPassphraseFile {
            do {
                passphrase = try Passphrase.line(of: keyPassphraseFile)
            } catch {
                throw Failure("the passphrase of the imported key cannot be read: \(error.detail)")
            }
        } else if pem.contains("ENCRYPTED") {
            passphrase = try Prompt.password("passphrase", asking: "Passphrase of the imported key (not shown):")
        }
        let keyPassphrase = passphrase.map { Array($0.utf8) }
        try await keys.change { keyring in
            try keyring.importKey(pem: pem, keyPassphrase: keyPassphrase)
        } adding: { keyring, changes in
            KeysOptions.noteActivation(of: changes, keyring)
        }
    }

    private static func pem(in file: String) throws(Failure) -> String {
        do {
            return String(decoding: try ReadableFile(path: file).read(maximumBytes: 65_536), as: UTF8.self)
        } catch {
            throw Failure("\(error.description); expected the PEM file of one private key")
        }
    }
}
