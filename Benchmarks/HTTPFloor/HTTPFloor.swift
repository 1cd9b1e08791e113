import ArgumentParser

/// The least work that answers to Signet's requests can cost: a server without content, and the cryptography alone.
@main
struct HTTPFloor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "http-floor",
        abstract: "Serve answers without content, or repeat one cryptographic operation, to compare Signet with.",
        subcommands: [BareHummingbird.self, BareNIO.self, Signatures.self, Hashes.self])
}
