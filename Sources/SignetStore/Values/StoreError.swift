/// Why a store could not do what was asked.
package struct StoreError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// A unique value (an id, an e-mail address) is taken.
        case conflict
        /// The record to change does not exist.
        case notFound
        /// A field of the record is outside its documented bounds. Nothing was written.
        case invalidRecord
        /// More writes are waiting than the store will queue. Nothing was written; try again later.
        case busy
        /// The disk or the map is full. Nothing was written.
        case full
        /// The store is closed or closing. Nothing was written.
        case closed
        /// The commit failed in a way that leaves open whether it reached the disk.
        case outcomeUnknown
        /// The bytes on disk are not what this version wrote: damaged or truncated.
        case corrupt
        /// The store was written by a newer version of Signet.
        case newerVersion
        /// The directory or a file in it cannot be created, read or written.
        case inaccessible
        /// Any other failure of the backend.
        case failure
    }

    package let code: Code
    /// For the operator: the step that failed and what to do, without secrets. Never part of a response.
    package let detail: String

    package init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Errors are equal when their codes are.
    package static func == (left: StoreError, right: StoreError) -> Bool { left.code == right.code }

    package var description: String { "store error \(code.rawValue): \(detail)" }
}
