import ArgumentParser

/// `signet keys`: the commands that manage the signing keys and the HMAC keys of refresh tokens.
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Manage the keys that sign access tokens, and the HMAC keys of refresh tokens.",
        discussion: """
            A running service applies every change within seconds, without a restart.

            A key is named by its kid, which 'signet keys list' shows. Write '--' before a kid that begins with a dash:

              signet keys revoke -- -Zx3kQ
            """,
        subcommands: [
            KeysList.self, KeysGenerate.self, KeysRotate.self, KeysRevoke.self, KeysImport.self, KeysExport.self,
            KeysPassphrase.self,
        ])
}
