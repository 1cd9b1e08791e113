/// Where a store keeps its audit log: the records, and the orders in which they can be found.
package enum AuditTable: Sendable, CaseIterable {
    case records
    case byTime
    case bySubject
}
