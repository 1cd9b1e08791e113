import Logging
import NIOPosix
import ServiceLifecycle
import SignetIssuer
import SignetStore
import UnixSignals

/// Follows the keyring once a second, and at once on SIGHUP.
struct KeyringService: Service {
    /// Well within ``KeyTerms/notice``.
    private static let interval = Duration.seconds(1)

    let follower: KeyringFollower
    /// Where everything is recorded that this node does to the keyring.
    let audit: AuditTrail
    let store: any Store

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    while !Task.isCancelled {
                        await round()
                        try? await Task.sleep(for: Self.interval)
                    }
                }
                group.addTask {
                    for await _ in await UnixSignalsSequence(trapping: .sighup) { await round(rereading: true) }
                }
            }
        }
    }

    /// On a thread of its own: files are read and synced, and keys are made.
    private func round(rereading: Bool = false) async {
        let changes = try? await NIOThreadPool.singleton.runIfActive { follower.round(rereading: rereading) }
        guard let changes, !changes.isEmpty else { return }
        do {
            try await audit.record(changes, by: .issuer, in: store)
        } catch {
            follower.logger.error("a change of the keys could not be recorded", metadata: ["error": "\(error)"])
        }
    }
}
