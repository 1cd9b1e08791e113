/// What the issuer measures, by the name that a metrics backend shows. Names are relied on by dashboards and alerts.
package enum IssuerMetric: String, Sendable, CaseIterable {
    case logins = "signet_logins_total"
    case refreshes = "signet_refreshes_total"
    case hashingWaiting = "signet_password_hashing_waiting"
    case hashingRefused = "signet_password_hashing_refused_total"
    case hashingSeconds = "signet_password_hashing_seconds"
    case keyAge = "signet_signing_key_age_seconds"
    case keyRotation = "signet_signing_key_rotation_seconds"
    case keyFaults = "signet_keyring_faults"
    case auditNoted = "signet_audit_noted_total"
    case auditFolded = "signet_audit_folded_total"
    case auditNewest = "signet_audit_newest_sequence"
    case auditRecords = "signet_audit_records"
    case auditBytes = "signet_audit_bytes"
    case swept = "signet_swept_total"
    case sweepFailures = "signet_sweep_failures_total"
    case sweptAt = "signet_sweep_completed_timestamp_seconds"

    /// One sentence for the operator.
    package var help: String {
        switch self {
        case .logins: "Logins, by what came of them."
        case .refreshes: "Presented refresh tokens, by what came of them."
        case .hashingWaiting: "Passwords that wait for a hashing thread."
        case .hashingRefused: "Passwords that were not hashed because too many waited; answered with 503."
        case .hashingSeconds: "Time that hashing a password took, the wait for a thread left out."
        case .keyAge: "Time since the key that signs began to; NaN without one."
        case .keyRotation:
            "Time until another key signs, 0 when that is overdue; +Inf when keys change by command only."
        case .keyFaults: "Steps of following and changing the keyring that fail at present; the log says which."
        case .auditNoted: "Audit events that changed nothing: refusals and replays, counted before they are folded."
        case .auditFolded: "Audit records that were written of such events."
        case .auditNewest: "Sequence number of the newest audit record: how many were ever written."
        case .auditRecords: "Audit records that the store holds."
        case .auditBytes: "Bytes that the audit records take."
        case .swept: "Expired records and audit records beyond their limits that this process removed."
        case .sweepFailures: "Sweeps that could not be completed."
        case .sweptAt: "When everything that had expired was last removed; 0 for not yet."
        }
    }
}
