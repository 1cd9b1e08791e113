/// Why the keys cannot be used or changed. The server does not start then, and no file has been touched.
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
        /// The keys are encrypted and there is no passphrase.
        case passphraseMissing
        /// The keys are encrypted under another passphrase.
        case passphraseWrong
        /// There is a passphrase and the keys are not encrypted, or a file is not encrypted among others that are.
        case notEncrypted
        /// A passphrase is too short, too long, or not one line.
        case passphraseUnusable
        /// A command asks for what cannot be done with the keyring as it is. Nothing was changed.
        case refused
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

    static func passphraseMissing(for file: String) -> KeyringError {
        KeyringError(
            .passphraseMissing,
            "\(file) is encrypted: set SIGNET_KEYS_PASSPHRASE_FILE (or SIGNET_KEYS_PASSPHRASE) to its passphrase")
    }

    static func passphraseWrong(for file: String) -> KeyringError {
        KeyringError(
            .passphraseWrong,
            """
            the passphrase of SIGNET_KEYS_PASSPHRASE_FILE (or SIGNET_KEYS_PASSPHRASE) does not open \(file): it is \
            another one, or the file is damaged
            """)
    }

    static func notEncrypted(file: String) -> KeyringError {
        KeyringError(
            .notEncrypted,
            "\(file) is not encrypted, as \(KeyringDocument.fileName) says that it is: restore it from a backup")
    }

    static func notEncrypted(_ directory: String) -> KeyringError {
        KeyringError(
            .notEncrypted,
            """
            a passphrase is set and the keys in \(directory) are not encrypted: run 'signet keys passphrase' to encrypt \
            them, or set none
            """)
    }
}
