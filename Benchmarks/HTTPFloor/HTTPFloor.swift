import ArgumentParser

/// The floors of the HTTP benchmarks, which do the least possible work: HTTP servers whose answers have no content, and
/// single cryptographic operations without a server.
@main
struct HTTPFloor: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "http-floor",
        abstract: "Serve answers without content, or repeat one cryptographic operation, to compare Signet with.",
        subcommands: [BareHummingbird.self, BareNIO.self, Signatures.self, Hashes.self])
}
