import Logging
import ServiceLifecycle
import SignetIssuer
import SignetStore

/// Removes expired records from the store once a minute.
struct SweepService: Service {
    let sweeper: Sweeper
    let metrics: SweepMetrics
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let now = Timestamp.system()
                    let removed = try await sweeper.sweep(at: now)
                    metrics.completed(at: now)
                    if removed > 0 { logger.debug("swept", metadata: ["records": "\(removed)"]) }
                    try await Task.sleep(for: .seconds(60))
                } catch is CancellationError {
                    return
                } catch {
                    metrics.failed()
                    logger.error("sweep failed", metadata: ["error": "\(error)"])
                    try? await Task.sleep(for: .seconds(60))
                }
            }
        }
    }
}
