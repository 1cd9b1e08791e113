/// The names of the issuer's metrics. Dashboards and alerts use the raw values: never change one.
package enum IssuerMetric: String, Sendable, CaseIterable {
    case logins = "signet_logins_total"
    case refreshes = "signet_refreshes_total"
    case hashingWaiting = "signet_password_hashing_waiting"
    case hashingRefused = "signet_password_hashing_refused_total"
    case hashingSeconds = "signet_password_hashing_seconds"
    case keyAge = "signet_signing_key_age_seconds"
    case keyRotation = "signet_signing_key_rotation_seconds"
    case keyFaults = "signet_keyring_faults"
    case auditBuffered = "signet_audit_noted_total"
    case auditCoalesced = "signet_audit_folded_total"
    case auditNewest = "signet_audit_newest_sequence"
    case auditRecords = "signet_audit_records"
    case auditBytes = "signet_audit_bytes"
    case swept = "signet_swept_total"
    case sweepFailures = "signet_sweep_failures_total"
    case sweptAt = "signet_sweep_completed_timestamp_seconds"

    /// The description of the metric in the response of the metrics endpoint.
    package var help: String {
        switch self {
        case .logins: "Login attempts, by outcome."
        case .refreshes: "Presented refresh tokens, by outcome."
        case .hashingWaiting: "Passwords that wait for a hashing thread."
        case .hashingRefused: "Passwords that were not hashed because the queue was full; answered with 503."
        case .hashingSeconds: "Time to hash a password, without the wait for a thread."
        case .keyAge: "Time since the key that signs started to sign; NaN if no key signs."
        case .keyRotation:
            "Time until the next key starts to sign; 0 if it is overdue, +Inf if keys are rotated by command only."
        case .keyFaults: "Keyring tasks (reading, rotating, recording) that fail at present; the log names them."
        case .auditBuffered: "Refusals and replays that were passed to the audit log, before equal ones were merged."
        case .auditCoalesced: "Audit records of refusals and replays that were written, after equal ones were merged."
        case .auditNewest: "Sequence number of the newest audit record."
        case .auditRecords: "Audit records in the store."
        case .auditBytes: "Size of the audit records in the store."
        case .swept: "Expired records and trimmed audit records that this process removed."
        case .sweepFailures: "Sweeps that failed before they removed everything that had expired."
        case .sweptAt: "Time of the last completed sweep; 0 if there was none."
        }
    }
}
