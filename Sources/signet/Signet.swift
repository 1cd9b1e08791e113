import ArgumentParser
import Glibc

/// The one executable.
@main
struct Signet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "signet",
        abstract: "An identity service: it knows your users and tells your services who is calling.",
        discussion: """
            Start the service, add a client for a service that wants to introspect, look at a user:

              signet serve
              signet clients create orders-api
              signet users show alice@example.com

            Data commands work on the directories of SIGNET_DATA and SIGNET_KEYS, also while the service runs.
            Settings come from flags, then SIGNET_ variables, then a .env file, then defaults.
            """,
        version: "0.1.0",
        subcommands: [Serve.self, Users.self, Clients.self, Keys.self, Sessions.self, Audit.self, Token.self])

    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            StandardError.write("signet: \(failure.message)")
            Glibc.exit(failure.exitCode)
        } catch let code as ExitCode {
            Glibc.exit(code.rawValue)
        } catch {
            let code = exitCode(for: error).rawValue
            // Scripts rely on `token verify`: 1 means "this token is not good" and nothing else does.
            guard code != 0, CommandLine.arguments.dropFirst().prefix(2) == ["token", "verify"] else {
                exit(withError: error)
            }
            StandardError.write(fullMessage(for: error))
            Glibc.exit(2)
        }
    }
}
