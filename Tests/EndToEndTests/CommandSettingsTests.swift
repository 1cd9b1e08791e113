import Foundation
import SignetServer
import TestSupport
import Testing

@Suite("Settings of the data commands", .timeLimit(.minutes(10)))
struct CommandSettingsTests {
    /// A `signet` command and the settings that the command reads.
    struct Use: Sendable, CustomTestStringConvertible {
        let arguments: [String]
        let settings: Set<Setting>
        var input = ""
        /// The expected exit code if the command runs in a directory without a store and without keys.
        let absent: Int32

        var testDescription: String { arguments.joined(separator: " ") }
    }

    private static let store: Set<Setting> = [.data]
    private static let password: Set<Setting> = [.data, .passwordMinimumLength]
    private static let keyChange: Set<Setting> = [.keys, .data, .keysPassphrase, .keysPassphraseFile]

    static let uses = [
        Use(arguments: ["users", "list"], settings: store, absent: 73),
        Use(arguments: ["users", "show", "a@example.com"], settings: store, absent: 73),
        Use(arguments: ["users", "disable", "a@example.com"], settings: store, absent: 73),
        Use(arguments: ["users", "enable", "a@example.com"], settings: store, absent: 73),
        Use(arguments: ["users", "delete", "a@example.com"], settings: store, absent: 73),
        Use(
            arguments: ["users", "create", "--email", "a@example.com", "--name", "A"], settings: password,
            input: "correct horse battery\n", absent: 73),
        Use(
            arguments: ["users", "password", "a@example.com"], settings: password, input: "correct horse battery\n",
            absent: 73),
        Use(arguments: ["clients", "create", "orders"], settings: store, absent: 73),
        Use(arguments: ["clients", "list"], settings: store, absent: 73),
        Use(arguments: ["clients", "delete", "x"], settings: store, absent: 73),
        Use(arguments: ["sessions", "list"], settings: store, absent: 73),
        Use(arguments: ["sessions", "revoke", "x"], settings: store, absent: 73),
        Use(arguments: ["audit", "list"], settings: store, absent: 73),
        Use(arguments: ["audit", "follow"], settings: store, absent: 73),
        Use(arguments: ["audit", "verify"], settings: store, absent: 73),
        Use(arguments: ["keys", "list"], settings: [.keys], absent: 73),
        Use(arguments: ["keys", "export", "--public"], settings: [.keys], absent: 73),
        Use(arguments: ["keys", "generate"], settings: keyChange, absent: 73),
        Use(arguments: ["keys", "rotate"], settings: keyChange, absent: 73),
        Use(arguments: ["keys", "revoke", "x"], settings: keyChange, absent: 73),
        Use(arguments: ["token", "decode"], settings: [], input: "x\n", absent: 1),
        Use(arguments: ["token", "verify", "--jwks", "/nowhere"], settings: [], input: "x\n", absent: 2),
    ]

    /// A value that no setting accepts, because it is a control character.
    private static let rubbish = "\u{7F}"

    @Test(arguments: uses)
    func `A command ignores invalid values of settings that it does not use`(use: Use) async throws {
        let directory = TemporaryDirectory()
        let unused = Setting.allCases.filter { !use.settings.contains($0) }
        let environment = Dictionary(uniqueKeysWithValues: unused.map { ($0.environmentName, Self.rubbish) })
        let result = try await SignetCommand.run(
            use.arguments, input: use.input, environment: environment, directory: directory.url)
        // The command ignores the invalid settings. It fails for another reason, such as a missing store.
        #expect(result.status == use.absent, "\(result.errors)")
        #expect(!result.errors.contains("SIGNET_PORT"), "\(result.errors)")
    }

    @Test(arguments: uses)
    func `A command refuses an invalid value of a setting that it uses, and names the setting`(use: Use) async throws {
        let directory = TemporaryDirectory()
        for setting in use.settings {
            let result = try await SignetCommand.run(
                use.arguments, input: use.input, environment: [setting.environmentName: Self.rubbish],
                directory: directory.url)
            #expect(result.status == 78, "\(setting): \(result.errors)")
            #expect(result.errors.hasPrefix("signet: \(setting.environmentName) "), "\(result.errors)")
        }
    }

    @Test func `A command works beside a service whose environment is invalid`() async throws {
        let issuer = try await RunningIssuer.start()
        var environment = issuer.settings
        for setting in [Setting.port, .trustedProxies, .issuer, .keyLead] {
            environment[setting.environmentName] = Self.rubbish
        }
        let result = try await SignetCommand.run(
            ["users", "list"], environment: environment, directory: issuer.directory.url)
        #expect(result.status == 0, "\(result.errors)")
    }

    @Test func `An error about a value from the .env file names the file`() async throws {
        let directory = TemporaryDirectory()
        try Data("SIGNET_PORT=http\n".utf8).write(to: directory.url.appending(path: ".env"))
        let fromFile = try await SignetCommand.run(["serve"], directory: directory.url)
        #expect(fromFile.status == 78)
        #expect(fromFile.errors.hasPrefix("signet: .env: SIGNET_PORT (--port) is \"http\"; "), "\(fromFile.errors)")
        let fromEnvironment = try await SignetCommand.run(
            ["serve"], environment: ["SIGNET_PORT": "x"], directory: directory.url)
        #expect(fromEnvironment.errors.hasPrefix("signet: SIGNET_PORT (--port) is \"x\"; "))
    }
}
