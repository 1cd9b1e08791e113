import Logging
import ServiceLifecycle
import SignetIssuer
import SignetStore

/// Writes buffered audit events to the store once a second. Every ten minutes, logs the head of the audit log (the
/// number and hash of its newest record).
///
/// The logged heads are evidence outside the store: if someone changes audit records later, their hashes no longer
/// match. The service group stops this service last, after every service that records events.
struct AuditService: Service {
    private static let flushInterval = Duration.seconds(1)
    /// The shortest time between two logged heads of the audit log. A head that has not changed is not logged again.
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
            var known = logHead(unless: nil)
            var loggedAt = uptime()
            while !Task.isCancelled {
                await flush()
                measure()
                if uptime() - loggedAt >= Self.headInterval {
                    known = logHead(unless: known)
                    loggedAt = uptime()
                }
                try? await Task.sleep(for: Self.flushInterval)
            }
            return known
        }
        await flush(everything: true)
        _ = logHead(unless: known)
    }

    private func flush(everything: Bool = false) async {
        do {
            try await audit.flush(everything: everything)
        } catch {
            logger.error("buffered audit events could not be written", metadata: ["error": "\(error)"])
        }
    }

    private func measure() {
        // A store error is ignored here, because every request that needs the store logs the same error.
        try? audit.measure()
    }

    /// Logs the head of the audit log (the number and hash of its newest record) unless the head equals `known`.
    /// - Parameter known: the head that was logged last; `nil` if no head was logged.
    /// - Returns: the head that was logged last, after this call.
    private func logHead(unless known: AuditLink?) -> AuditLink? {
        do {
            let head = try audit.head()
            if head != known { logger.info("audit head", metadata: ["head": "\(head.text)"]) }
            return head
        } catch {
            logger.error("the audit log cannot be read", metadata: ["error": "\(error)"])
            return known
        }
    }
}
