import Logging
import ServiceLifecycle
import SignetIssuer
import SignetStore

/// Writes what the audit trail has noted, once a second, and logs the head of its chain now and then, so that wherever
/// the log stream goes there is a witness to what the store held. Stops last, when nobody can note anything any more.
struct AuditService: Service {
    private static let flushInterval = Duration.seconds(1)
    /// The head is logged at most this often.
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
            logger.error("noted audit events could not be written", metadata: ["error": "\(error)"])
        }
    }

    private func measure() {
        // A store that cannot be read is on the log already, from whoever needed it.
        try? audit.measure()
    }

    /// - Parameter known: what was logged last.
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
