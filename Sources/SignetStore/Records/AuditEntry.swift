/// An audit record as it is stored: what its hash was made of.
package struct AuditEntry: Sendable, Hashable {
    package let sequence: UInt64
    /// What ``AuditRecord/encoded()`` gave, unless it was damaged since.
    package let bytes: [UInt8]

    package init(sequence: UInt64, bytes: [UInt8]) {
        self.sequence = sequence
        self.bytes = bytes
    }

    /// Reads the record.
    /// - Throws: ``StoreError/Code/corrupt`` or ``StoreError/Code/newerVersion``.
    package func record() throws(StoreError) -> AuditRecord { try AuditRecord(sequence: sequence, encoded: bytes) }
}
