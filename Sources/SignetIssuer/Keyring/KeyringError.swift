/// Why the keys cannot be used. The server does not start then, and no file has been touched.
package struct KeyringError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// There is no keyring in the directory, and none was to be made.
        case missing
        /// A file is damaged, truncated or does not belong to the others.
        case corrupt
        /// `keyring.json` was written by a newer version of Signet.
        case newerVersion
        /// Others than the owner may read a secret file or change what is in the directory.
        case insecureMode
        /// The directory or a file in it cannot be created, read or written.
        case inaccessible
        /// A key could not be generated.
        case generationFailed
    }

    package let code: Code
    /// For the operator: which file, what is wrong with it, and what to do. Holds no secrets.
    package let detail: String

    package init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Errors are equal when their codes are.
    package static func == (left: KeyringError, right: KeyringError) -> Bool { left.code == right.code }

    package var description: String { "keyring error \(code.rawValue): \(detail)" }
}
