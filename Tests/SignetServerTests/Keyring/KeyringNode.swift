import InMemoryLogging
import Logging
import SignetIssuer
import SignetKeyring
import SignetStore
import TestSupport

@testable import SignetServer

/// One service in a test: its keyring, the `KeyringFollower` that keeps the keyring up to date, and the follower's log.
/// Several nodes may share a key directory.
struct KeyringNode {
    static let start = Timestamp(seconds: 1_800_000_000)

    let keyring: Keyring
    let follower: KeyringFollower
    let log: InMemoryLogHandler

    init(_ directory: TemporaryDirectory, policy: KeyPolicy = .standard) throws {
        let log = InMemoryLogHandler()
        self.log = log
        keyring = try Keyring.open(directory: directory.path, now: Self.start)
        follower = KeyringFollower(
            keyring: keyring, policy: policy, logger: Logger(label: "node") { _ in log }, at: Self.start)
    }

    static func at(_ days: Int64, _ seconds: Int64 = 0) -> Timestamp { start + .seconds(days * 86_400 + seconds) }

    /// The logged messages of level `error`, oldest first.
    var faults: [String] { log.entries.filter { $0.level == .error }.map { "\($0.message)" } }

    /// The logged messages of level `notice`, oldest first.
    var notices: [String] { log.entries.filter { $0.level == .notice }.map { "\($0.message)" } }
}
