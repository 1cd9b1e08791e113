// Code in this folder describes the errors, notices and changes that a keyring reports. It must not use the other
// folders of SignetKeyring.

/// An error of the keyring: why keys cannot be read, used or changed.
package struct KeyringError: Error, Equatable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable, CaseIterable {
        /// The directory has no `keyring.json`, and the caller did not ask to create one.
        case missing
        /// A file is damaged, truncated, missing, or belongs to another keyring.
        case corrupt
        /// A newer version of Signet wrote `keyring.json`.
        case newerVersion
        /// Users other than the owner can read a secret file, or can change files in the directory.
        case insecureMode
        /// The system refused to create, read or write the directory or a file in it.
        case inaccessible
        /// A key could not be generated or encrypted.
        case generationFailed
        /// The key files are encrypted and no passphrase was given.
        case passphraseMissing
        /// The passphrase does not decrypt the key files.
        case passphraseWrong
        /// A passphrase was given, but at least one key file is not encrypted.
        case notEncrypted
        /// A passphrase is too short, too long, not one line, or stored next to the keys.
        case passphraseUnusable
        /// A command was refused because of the current state of the keyring. Nothing was changed.
        case refused
    }

    package let code: Code
    /// The text for the operator: the file, what is wrong with it, and what to do. Never contains key material.
    package let detail: String

    package init(_ code: Code, _ detail: String) {
        self.code = code
        self.detail = detail
    }

    /// Two errors are equal if their codes are equal. The detail texts are not compared.
    package static func == (left: KeyringError, right: KeyringError) -> Bool { left.code == right.code }

    package var description: String { "keyring error \(code.rawValue): \(detail)" }
}

// MARK: - Errors that several steps report

extension KeyringError {
    private static let directoryHint = "is SIGNET_KEYS (--keys) right?"

    static func notADirectory(_ path: String) -> KeyringError {
        KeyringError(.inaccessible, "\(path) is not a directory: \(directoryHint)")
    }

    static func missing(_ path: String) -> KeyringError {
        KeyringError(.missing, "\(path) does not exist: \(directoryHint)")
    }

    static func documentRemoved(_ path: String) -> KeyringError {
        KeyringError(.inaccessible, "\(path) was removed while Signet was using it: restore it from a backup")
    }

    static func passphraseMissing(for file: String) -> KeyringError {
        KeyringError(
            .passphraseMissing,
            "\(file) is encrypted: set SIGNET_KEYS_PASSPHRASE_FILE (or SIGNET_KEYS_PASSPHRASE) to its passphrase")
    }

    static func passphraseWrong(for file: String) -> KeyringError {
        KeyringError(
            .passphraseWrong,
            """
            the passphrase in SIGNET_KEYS_PASSPHRASE_FILE (or SIGNET_KEYS_PASSPHRASE) does not decrypt \(file): \
            correct the passphrase or, if it is right, restore the file from a backup
            """)
    }

    static func notEncrypted(file: String) -> KeyringError {
        KeyringError(
            .notEncrypted,
            "\(file) is not encrypted, but keyring.json says that all key files are: restore it from a backup")
    }

    static func notEncrypted(directory: String) -> KeyringError {
        KeyringError(
            .notEncrypted,
            """
            a passphrase is set, but the keys in \(directory) are not encrypted: run 'signet keys passphrase' to \
            encrypt them, or remove the passphrase setting
            """)
    }
}

/// A notice for the operator about the directory of the keys. Nothing failed.
package enum KeyringNotice: Sendable, Hashable {
    /// Members of the directory's group could write to the directory. Signet removed that permission.
    case tightened(directory: String)
    /// Another process holds the lock of the directory, and this process waits for the lock.
    case waiting(lock: String)

    /// The notice as a sentence for the log or the terminal.
    package var text: String {
        switch self {
        case .tightened(let directory):
            """
            Removed the group's write permission from \(directory) (chmod go-w), because members of the group could \
            have replaced the keys.
            """
        case .waiting(let lock): "Waiting for another process that holds the lock \(lock)."
        }
    }
}
