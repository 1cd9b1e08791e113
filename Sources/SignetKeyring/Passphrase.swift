import CSodium
import Glibc

/// What the secret files of a keyring are encrypted under: 8 to 1024 bytes.
package struct Passphrase: Sendable {
    /// Shortest that is accepted, in bytes.
    package static let minimumCount = 8
    /// Longest that is accepted, in bytes.
    package static let maximumCount = 1024

    let bytes: [UInt8]

    /// Takes a text of one line.
    /// - Throws: `passphraseUnusable` when it is too short or too long, or has a line break or a zero byte in it.
    package init(_ text: String) throws(KeyringError) {
        let bytes = Array(text.utf8)
        guard (Self.minimumCount...Self.maximumCount).contains(bytes.count),
            !bytes.contains(where: { [0, UInt8(ascii: "\n"), UInt8(ascii: "\r")].contains($0) })
        else {
            throw KeyringError(
                .passphraseUnusable,
                "a passphrase has \(Self.minimumCount) to \(Self.maximumCount) bytes, on one line")
        }
        self.bytes = bytes
    }

    /// Reads the first line of a file that nobody but the owner may read.
    /// - Throws: `inaccessible`, `insecureMode` with the command that helps, `passphraseUnusable`.
    package init(file: String) throws(KeyringError) {
        try self.init(Self.line(of: file))
    }

    /// The first line of a file that nobody but the owner may read, without its end, whichever kind that is.
    /// - Throws: `inaccessible`, `insecureMode` with the command that helps, `passphraseUnusable` when it is not UTF-8.
    package static func line(of file: String) throws(KeyringError) -> String {
        guard let content = try KeyringDirectory.read(file: file, .secret) else {
            throw KeyringError(.inaccessible, "there is no \(file)")
        }
        var bytes = content.prefix { $0 != UInt8(ascii: "\n") }
        if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard let line = String(validating: bytes, as: UTF8.self) else {
            throw KeyringError(.passphraseUnusable, "\(file) is not UTF-8")
        }
        return line
    }

    /// As ``init(file:)``, for a passphrase that is to protect the keys of `directory`.
    /// - Throws: `passphraseUnusable` when the file lies with the keys: whoever copies them would have it too.
    package init(file: String, outside directory: String) throws(KeyringError) {
        if let file = Self.resolved(file), let directory = Self.resolved(directory), file.hasPrefix(directory + "/") {
            throw KeyringError(
                .passphraseUnusable,
                "\(file) lies in the directory of the keys, where it protects nothing: move it away")
        }
        try self.init(file: file)
    }

    private static func resolved(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// Whether it is the same one. Takes the same time wherever they differ.
    func isSame(as other: Passphrase) -> Bool { ConstantTime.areEqual(bytes, other.bytes) }
}
