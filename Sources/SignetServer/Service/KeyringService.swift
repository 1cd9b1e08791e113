import Logging
import NIOPosix
import ServiceLifecycle
import SignetIssuer
import SignetKeyring
import SignetStore
import UnixSignals

/// Updates the keyring once a second and on SIGHUP, and records every change in the audit log.
struct KeyringService: Service {
    // `KeyPolicy.notice` promises that every node notices a change of the keyring within 2 seconds, so this interval
    // must be shorter.
    private static let interval = Duration.seconds(1)

    let follower: KeyringFollower
    /// Records the changes that this node makes to the keyring.
    let audit: AuditTrail
    let store: any Store
    var now: @Sendable () -> Timestamp = Timestamp.system
    var sleep: @Sendable (Duration) async throws -> Void = { try await Task.sleep(for: $0) }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    var recorded: Set<KeyActivation> = []
                    var fault: String?
                    while !Task.isCancelled {
                        await round()
                        do {
                            recorded = try await recordActivations(except: recorded)
                            fault = nil
                        } catch {
                            // The loop tries again one second later. Log the error only if it differs from the previous
                            // one.
                            if fault != "\(error)" { log("the activation of a key could not be recorded", error) }
                            fault = "\(error)"
                        }
                        try? await sleep(Self.interval)
                    }
                }
                group.addTask {
                    for await _ in await UnixSignalsSequence(trapping: .sighup) { await round(rereading: true) }
                }
            }
        }
    }

    /// Records in the audit log that signing keys became active, even if they became active while no service ran.
    /// - Parameter known: the activations that earlier calls have recorded.
    /// - Returns: all activations up to now. Each of them is recorded.
    /// - Throws: ``IssuerError`` `busy` or `storeUnavailable` if the records cannot be written.
    private func recordActivations(
        except known: Set<KeyActivation>
    ) async throws -> Set<KeyActivation> {
        let now = now()
        let begun = Set(follower.listing(at: now).compactMap { KeyActivation($0, at: now) })
        try await audit.record(begun.subtracting(known), in: store)
        return begun
    }

    private func log(_ message: Logger.Message, _ error: any Error) {
        follower.logger.error(message, metadata: ["error": "\(error)"])
    }

    // `follower.round` blocks, because it reads and syncs files and generates keys. Run it on a thread of NIO's pool,
    // so that it blocks no thread of Swift's cooperative pool.
    private func round(rereading: Bool = false) async {
        let changes = try? await NIOThreadPool.singleton.runIfActive {
            follower.round(rereading: rereading, at: now())
        }
        guard let changes, !changes.isEmpty else { return }
        do {
            try await audit.record(changes, by: .issuer, in: store)
        } catch {
            log("a change to the keys could not be recorded", error)
        }
    }
}
