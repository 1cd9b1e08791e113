import ArgumentParser

/// `signet sessions`
struct Sessions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List and revoke sessions (families of refresh tokens).",
        subcommands: [SessionsList.self, SessionsRevoke.self])
}
