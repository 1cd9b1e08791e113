import InMemoryLogging
import Logging
import SignetIssuer
import SignetStore
import TestSupport

@testable import SignetServer

/// What follows the keyring in one service, on a directory that others may share.
struct KeyringNode {
    static let start = Timestamp(seconds: 1_800_000_000)

    let keyring: Keyring
    let follower: KeyringFollower
    let log: InMemoryLogHandler

    init(_ directory: TemporaryDirectory, terms: KeyPolicy = .standard) throws {
        let log = InMemoryLogHandler()
        self.log = log
        keyring = try Keyring.open(directory: directory.path, now: Self.start)
        follower = KeyringFollower(
            keyring: keyring, terms: terms, logger: Logger(label: "node") { _ in log }, at: Self.start)
    }

    static func at(_ days: Int64, _ seconds: Int64 = 0) -> Timestamp { start + .seconds(days * 86_400 + seconds) }

    /// What it said is wrong, in order.
    var faults: [String] { log.entries.filter { $0.level == .error }.map { "\($0.message)" } }

    /// What it said besides, in order.
    var notices: [String] { log.entries.filter { $0.level == .notice }.map { "\($0.message)" } }
}
