import Logging
import ServiceLifecycle
import SignetIssuer
import SignetStore

/// Removes what has expired, a small batch at a time, once a minute.
struct SweepService: Service {
    let sweeper: Sweeper
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let removed = try await sweeper.sweep(at: .system())
                    if removed > 0 { logger.debug("swept", metadata: ["records": "\(removed)"]) }
                    try await Task.sleep(for: .seconds(60))
                } catch is CancellationError {
                    return
                } catch {
                    logger.error("sweep failed", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: .seconds(60))
                }
            }
        }
    }
}
