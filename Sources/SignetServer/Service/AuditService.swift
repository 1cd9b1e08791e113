import Logging
import ServiceLifecycle
import SignetIssuer
import SignetStore

/// Writes buffered audit events to the store once a second. Every ten minutes, logs the head of the audit log (the
/// number and hash of its newest record).
///
/// The logged heads are evidence outside the store: if someone changes audit records, the hashes of the records no
/// longer match the logged heads. This service stops last at a shutdown, so that it writes the last events.
struct AuditService: Service {
    private static let flushInterval = Duration.seconds(1)
    /// The interval at which the head of the audit log is logged, if it has changed.
    static let headInterval = Duration.seconds(600)

    let audit: AuditTrail
    let logger: Logger
    let uptime: @Sendable () -> Duration

    init(audit: AuditTrail, logger: Logger, uptime: @escaping @Sendable () -> Duration = Duration.uptime) {
        self.audit = audit
        self.logger = logger
        self.uptime = uptime
    }

    func run() async throws {
        let known = await cancelWhenGracefulShutdown {
            var known = await logHead(unless: nil)
            var loggedAt = uptime()
            while !Task.isCancelled {
                await flush()
                await measure()
                if uptime() - loggedAt >= Self.headInterval {
                    known = await logHead(unless: known)
                    loggedAt = uptime()
                }
                try? await Task.sleep(for: Self.flushInterval)
            }
            return known
        }
        await flush(everything: true)
        _ = await logHead(unless: known)
    }

    private func flush(everything: Bool = false) async {
        do {
            try await audit.flush(everything: everything)
        } catch {
            logger.error("buffered audit events could not be written", metadata: ["error": "\(error)"])
        }
    }

    private func measure() async {
        // Ignore a store error, because every request that needs the store logs the same error.
        try? await audit.measure()
    }

    /// Logs the head of the audit log (the number and hash of its newest record) unless it equals `known`.
    /// - Parameter known: the head that was logged last; `nil` if none was logged yet.
    /// - Returns: the current head; `known` if the audit log cannot be read.
    private func logHead(unless known: AuditLink?) async -> AuditLink? {
        do {
            let head = try await audit.head()
            if head != known { logger.info("audit head", metadata: ["head": "\(head.text)"]) }
            return head
        } catch {
            logger.error("the audit log cannot be read", metadata: ["error": "\(error)"])
            return known
        }
    }
}
