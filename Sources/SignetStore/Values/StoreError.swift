/// An error of a store: a stable code for the caller and a detail for the operator.
package struct StoreError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// Another record has the same unique value (id or e-mail address), or an audit record does not continue the
        /// hash chain.
        case conflict
        /// The record to change does not exist.
        case notFound
        /// A field of the record is outside its documented bounds. Nothing was written.
        case invalidRecord
        /// The queue of writes is full, or too many reads are open at once. Nothing was written; try again later.
        case busy
        /// The disk or the database file is full, or all status list indices are taken. Nothing was written.
        case full
        /// The store is closed or closing. Nothing was written.
        case closed
        /// The commit failed. It is unknown whether the disk holds the write.
        case outcomeUnknown
        /// The stored bytes are damaged or truncated.
        case corrupt
        /// The store was written by a newer version of Signet.
        case newerVersion
        /// The store's directory or a file in it cannot be created, read or written.
        case inaccessible
        /// Any other failure of the backend.
        case failure
    }

    package let code: Code
    /// The step that failed and what to do, for the operator's log. Holds no secrets; never send it in a response.
    package let detail: String

    package init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Two errors are equal if their codes are equal.
    package static func == (left: StoreError, right: StoreError) -> Bool { left.code == right.code }

    package var description: String { "store error \(code.rawValue): \(detail)" }
}
