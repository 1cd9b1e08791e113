/// What is wrong with the audit log: somebody changed it, or it was damaged.
package struct AuditFinding: Error, Hashable, Sendable, CustomStringConvertible {
    /// Stable: what a script may switch on and what tests compare.
    package enum Code: String, Sendable, CaseIterable {
        /// A record's bytes are none that were ever written.
        case damaged
        /// A record is not there.
        case missing
        /// A record, or the one before it, is not the one that was written: changed, put in place of another, or moved.
        case changed
        /// Records at the new end are gone.
        case truncated
        /// A record is there that the log's head does not know.
        case added
        /// A record cannot be found by its account or its time.
        case notIndexed
        /// Something stands among the records, or in the orders by which they are found, that is none of them.
        case stray
        /// What the log says of its size is not so; by that it is trimmed.
        case wrongSize
        /// The log does not lead to the head that was noted earlier: it was rewritten.
        case otherHead
    }

    package let code: Code
    /// The record where it shows; the newest one, where it shows at none.
    package let sequence: UInt64

    package init(_ code: Code, at sequence: UInt64) {
        self.code = code
        self.sequence = sequence
    }

    package var description: String {
        switch code {
        case .damaged: "record \(sequence) is damaged"
        case .missing: "record \(sequence) is missing"
        case .changed: "record \(sequence) does not continue the one before it: one of the two was changed or moved"
        case .truncated: "the log ends before record \(sequence): its newest records are gone"
        case .added: "record \(sequence) is beyond the head of the log: it was added from outside"
        case .notIndexed: "record \(sequence) cannot be found by its account or its time: an index was changed"
        case .stray: "a row that belongs to no record was added to the log or to one of its indexes"
        case .wrongSize: "the log says that it takes other than its records do: that was changed"
        case .otherHead: "record \(sequence) is not the one whose hash was noted: the log was rewritten"
        }
    }
}
