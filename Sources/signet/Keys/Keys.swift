import ArgumentParser

/// `signet keys`
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at the signing keys and change them.",
        discussion: """
            A running service follows every change within seconds; it needs no restart. Keys are named by their kid, \
            which 'signet keys list' shows; one that begins with a dash goes behind '--'.
            """,
        subcommands: [
            KeysList.self, KeysGenerate.self, KeysRotate.self, KeysRevoke.self, KeysImport.self, KeysExport.self,
            KeysPassphrase.self,
        ])
}
