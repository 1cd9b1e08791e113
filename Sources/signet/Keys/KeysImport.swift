import ArgumentParser
import SignetIssuer

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
    @Option(help: "File whose first line is the passphrase of the key; asked for when it is encrypted and not given.")
    var keyPassphraseFile: String?
    @OptionGroup var keys: KeysOptions

    func run() async throws {
        let limit = 65_536
        guard let bytes = try? BoundedFile.readRegular(file, upTo: limit + 1), bytes.count <= limit else {
            throw Failure("\(file) cannot be read, is no regular file, or is larger than any key")
        }
        let pem = String(decoding: bytes, as: UTF8.self)
        var passphrase: String?
        if let keyPassphraseFile {
            guard let line = try? BoundedFile.readRegular(keyPassphraseFile, upTo: 4096) else {
                throw Failure("\(keyPassphraseFile) cannot be read, or is no regular file")
            }
            passphrase = String(decoding: line.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
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
}
