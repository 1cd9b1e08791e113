import ArgumentParser
import Glibc

// This target is the executable `signet`. Each command reads its settings, calls one operation of SignetIssuer or
// SignetServer, and prints the result. Rules about accounts, tokens and keys belong to those two targets.

/// `signet`: the root of all commands.
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

            'users', 'clients', 'sessions' and 'audit' work on the directory of the store (SIGNET_DATA); 'keys' \
            works on the directory of the keys (SIGNET_KEYS). Run them on the machine of the service, whether the \
            service runs or not.

            A setting comes from a flag, else from a SIGNET_ variable, else from the .env file in the working \
            directory, else from its default. 'signet serve --help' lists all settings.
            """,
        version: version,
        subcommands: [Serve.self, Users.self, Clients.self, Keys.self, Sessions.self, Audit.self, Token.self])

    /// Whether the command line starts with `token verify`. For scripts, exit code 1 of this command means only "this
    /// token is not valid". Other failures of the command get exit code 2.
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
            // `exitCode(for:)` returns `.failure` only for errors of the command itself. For errors of the argument
            // parser it returns other codes.
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
