import ArgumentParser
import Glibc

// The target `signet` is the command-line program. Each command reads its settings, calls one operation of the target
// SignetIssuer or SignetServer, and prints the result. SignetIssuer and SignetServer contain the rules about accounts,
// tokens and keys.

/// The command `signet`, whose subcommands are all other commands.
@main
struct Signet: AsyncParsableCommand {
    /// The version of this release: `signet --version`. `openapi.yaml` and `CHANGELOG.md` state the same version.
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "signet",
        abstract: "Identity service: registers users, logs them in, and issues tokens that other services verify.",
        discussion: """
            For example, start Signet, create a client for a service that introspects tokens, and show a user:

              signet serve
              signet clients create orders-api
              signet users show alice@example.com

            'users', 'clients', 'sessions' and 'audit' work on the directory of the store (SIGNET_DATA). 'keys' works \
            on the directory of the keys (SIGNET_KEYS), and records each change in the audit log of the store: set \
            both variables for it. Run these commands on the machine of the service, as the user of the service. The \
            service may run or not.

            A setting comes from a flag, else from a SIGNET_ variable, else from the .env file in the working \
            directory, else from its default. 'signet serve --help' lists all settings.
            """,
        version: version,
        subcommands: [Serve.self, Users.self, Clients.self, Keys.self, Sessions.self, Audit.self, Token.self])

    /// Whether the command is `signet token verify`. Exit code 1 of this command tells scripts that the token is
    /// rejected. Every other failure of this command must give exit code 2.
    private static var isTokenVerify: Bool { CommandLine.arguments.dropFirst().prefix(2) == ["token", "verify"] }

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            Glibc.exit(code.rawValue)
        } catch  where exitCode(for: error) == .failure {
            // The command's `run()` threw the error. For usage errors, `exitCode(for:)` returns another code than
            // `.failure`.
            let failure = Failure(describing: error)
            StandardError.write("signet: \(failure.message)")
            Glibc.exit(error is Failure || !isTokenVerify ? failure.exitCode : 2)
        } catch {
            guard exitCode(for: error) != .success, isTokenVerify else { exit(withError: error) }
            StandardError.write(fullMessage(for: error))
            Glibc.exit(2)
        }
    }
}
