/// How what an audit record tells ended. Raw values are stored: never change one.
package enum AuditOutcome: UInt8, Sendable, CaseIterable {
    case succeeded = 1
    case refused = 2
}
