import ArgumentParser

/// `signet keys`
struct Keys: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Look at the signing keys.", subcommands: [KeysList.self])
}
