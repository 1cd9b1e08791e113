import Logging
import NIOPosix
import ServiceLifecycle
import SignetIssuer
import SignetStore
import UnixSignals

/// Follows the keyring once a second, and at once on SIGHUP.
struct KeyringService: Service {
    /// Well within ``KeyPolicy/notice``.
    private static let interval = Duration.seconds(1)

    let follower: KeyringFollower
    /// Where everything is recorded that this node does to the keyring.
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
                            // Tried again each second, and said once.
                            if fault != "\(error)" { log("a key that signs could not be recorded", error) }
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

    /// Has the audit log say which keys began to sign, also those that did while no service ran.
    /// - Parameter known: those of which it does.
    /// - Returns: all of which it does now.
    /// - Throws: `busy`, `storeUnavailable`.
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

    /// On a thread of its own: files are read and synced, and keys are made.
    private func round(rereading: Bool = false) async {
        let changes = try? await NIOThreadPool.singleton.runIfActive {
            follower.round(rereading: rereading, at: now())
        }
        guard let changes, !changes.isEmpty else { return }
        do {
            try await audit.record(changes, by: .issuer, in: store)
        } catch {
            log("a change of the keys could not be recorded", error)
        }
    }
}
