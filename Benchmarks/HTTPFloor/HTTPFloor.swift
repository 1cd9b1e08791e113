import ArgumentParser

/// Programs to compare Signet with, because they do the least possible work for a request: HTTP servers with fixed
/// answers, and cryptographic operations without a server.
@main
struct HTTPFloor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "http-floor",
        abstract: "Serve answers without content, or repeat one cryptographic operation, to compare Signet with.",
        subcommands: [BareHummingbird.self, BareNIO.self, Signatures.self, Hashes.self])
}
