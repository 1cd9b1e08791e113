import ArgumentParser
import SignetIssuer
import SignetKeyring

/// `signet keys generate`
struct KeysGenerate: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "generate",
        abstract: "Make the next signing key and publish it.",
        discussion: """
            It signs when the present key's time is over or, with SIGNET_KEY_ROTATION=off, after 'signet keys rotate'. \
            There is one next key at a time.
            """)

    @OptionGroup var keys: KeysOptions

    func run() async throws {
        try await keys.change { keyring in
            try keyring.generate()
        } adding: { keyring, changes in
            KeysOptions.foretell(changes, keyring)
        }
    }
}
