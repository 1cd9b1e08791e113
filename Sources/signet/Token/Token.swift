import ArgumentParser

/// `signet token`
struct Token: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Verify or decode an access token from standard input.",
        subcommands: [TokenVerify.self, TokenDecode.self])
}
