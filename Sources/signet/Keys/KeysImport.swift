import ArgumentParser
import SignetIssuer
import SignetKeyring

/// `signet keys import`
struct KeysImport: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Take in a private key that was made elsewhere, as the next signing key.",
        discussion: """
            The file is PEM: PKCS#8 (encrypted or not) or PKCS#1, RSA of 2048 to 8192 bits. The key is published at \
            once and signs as one of 'signet keys generate' does. When verifiers know it already, as after a move from \
            another issuer, 'signet keys rotate --now' lets it sign at once.
            """)

    @Argument(help: "The key's file.") var file: String
    @Option(
        help: "File whose first line is the passphrase of the key, mode 0600; asked for when needed and not given.")
    var keyPassphraseFile: String?
    @OptionGroup var keys: KeysOptions

    func run() async throws {
        let pem = try Self.pem(in: file)
        var passphrase: String?
        if let keyPassphraseFile {
            do {
                passphrase = try Passphrase.line(of: keyPassphraseFile)
            } catch {
                throw Failure(error.detail)
            }
        } else if pem.contains("ENCRYPTED") {
            passphrase = try PasswordPrompt.read("passphrase", asking: "Passphrase of the key (not shown):")
        }
        let keyPassphrase = passphrase.map { Array($0.utf8) }
        try await keys.change { keyring in
            try keyring.importKey(pem: pem, keyPassphrase: keyPassphrase)
        } adding: { keyring, changes in
            KeysOptions.foretell(changes, keyring)
        }
    }

    private static func pem(in file: String) throws(Failure) -> String {
        let limit = 65_536
        let bytes: [UInt8]
        do {
            bytes = try BoundedFile.readRegular(file, upTo: limit + 1)
        } catch {
            throw Failure("\(file) \(error.reason)")
        }
        guard bytes.count <= limit else { throw Failure("\(file) has more than \(limit) bytes, as no key has") }
        return String(decoding: bytes, as: UTF8.self)
    }
}
