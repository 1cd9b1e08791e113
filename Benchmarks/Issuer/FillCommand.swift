import ArgumentParser
import Foundation
import SignetIssuer
import SignetKeyring

/// `issuer-benchmarks fill`: fills a store with users and their sessions.
struct FillCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fill",
        abstract: "Fill a store with users and sessions, and print some of them.",
        discussion: """
            All users have the same password. Each line of the output has the email address of a user and the refresh \
            token of one of the user's sessions.
            """)

    @Option(help: "Number of users.") var users: Int
    @Option(help: "Number of sessions of each user.") var families = 2
    @Option(help: "Directory for the new store.") var data: String
    @Option(help: "Directory of the signing keys and refresh token HMAC keys. Created if missing.") var keys: String
    @Option(help: "The password of all users.") var password: String
    @Option(help: "Number of sessions to print. They are evenly spread over the store.") var sample = 512

    func run() async throws {
        let keyring = try Keyring.open(directory: keys)
        let store = try await FilledStore(
            directory: URL(filePath: data, directoryHint: .isDirectory), families: users * families,
            familiesPerUser: families, rotating: sample, keyring: keyring,
            passwordHash: try await PasswordHasher(threads: 1).hash(password),
            progress: { FileHandle.standardError.write(Data("\($0)\n".utf8)) })
        for (email, family) in store.sample { print(email, try store.refreshToken(of: family)) }
    }
}
