import Glibc

/// The passphrase that encrypts the key files of a keyring: one line of 8 to 1024 bytes.
package struct Passphrase: Sendable {
    /// The minimum length of a passphrase in bytes.
    package static let minimumCount = 8
    /// The maximum length of a passphrase in bytes.
    package static let maximumCount = 1024

    let bytes: [UInt8]

    /// Checks and stores a passphrase.
    /// - Throws: `passphraseUnusable` if the text does not have 8 to 1024 bytes, or contains a line break or a zero
    ///   byte.
    package init(_ text: String) throws(KeyringError) {
        let bytes = Array(text.utf8)
        guard (Self.minimumCount...Self.maximumCount).contains(bytes.count),
            !bytes.contains(where: { [0, UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains($0) })
        else {
            throw KeyringError(
                .passphraseUnusable,
                "a passphrase must have \(Self.minimumCount) to \(Self.maximumCount) bytes, on one line")
        }
        self.bytes = bytes
    }

    /// Reads the passphrase from the first line of a file. Only the file's owner may have permissions on the file.
    /// - Throws: `inaccessible` if the file is missing or cannot be read; `insecureMode` if users other than the owner
    ///   have permissions; `corrupt` if the file is larger than 256 KiB; `passphraseUnusable` if the line is not UTF-8
    ///   or ``init(_:)`` refuses it.
    package init(file: String) throws(KeyringError) {
        try self.init(Self.line(of: file))
    }

    /// Reads a passphrase for the keys in `directory` from a file outside `directory`.
    /// - Throws: the errors of ``init(file:)``; `passphraseUnusable` if the file is inside `directory`, because a
    ///   backup of `directory` would then contain both the keys and the passphrase.
    package init(file: String, outside directory: String) throws(KeyringError) {
        if let file = Self.resolved(file), let directory = Self.resolved(directory), file.hasPrefix(directory + "/") {
            throw KeyringError(
                .passphraseUnusable,
                "\(file) is in the directory of the keys, so a copy of the keys includes it: move it elsewhere")
        }
        try self.init(file: file)
    }

    /// Reads the first line of a file, without the line break. The line may have any length. Only the file's owner may
    /// have permissions on the file.
    /// - Throws: `inaccessible` if the file is missing or cannot be read; `insecureMode` if users other than the owner
    ///   have permissions; `corrupt` if the file is larger than 256 KiB; `passphraseUnusable` if the line is not UTF-8.
    package static func line(of file: String) throws(KeyringError) -> String {
        guard let content = try KeyringDirectory.read(file: file, .secret) else {
            throw KeyringError(.inaccessible, "\(file) does not exist")
        }
        var bytes = content.prefix { $0 != UInt8(ascii: "\n") }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard let line = String(validating: bytes, as: UTF8.self) else {
            throw KeyringError(.passphraseUnusable, "\(file) is not UTF-8")
        }
        return line
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}
