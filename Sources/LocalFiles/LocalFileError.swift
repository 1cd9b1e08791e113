#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// The reason why a local file could not be used.
package struct LocalFileError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Code: Sendable, Hashable {
        /// There is no such file.
        case missing
        /// The path names a directory, a pipe, a device or a socket.
        case notRegular
        /// The file has more bytes than the caller reads.
        case tooLarge(maximumBytes: Int)
        /// A system call failed with `errno` during the operation.
        case system(Step, errno: Int32)
    }

    /// The failed operation on the file. The raw value is a verb for the error text.
    package enum Step: String, Sendable {
        case open, read, create, write, remove, lock, sync
        case handOver = "change the owner of"
    }

    package let code: Code
    package let path: String

    package init(_ code: Code, path: String) {
        self.code = code
        self.path = path
    }

    /// Creates the error for a system call that has just failed, from the global `errno`. If the file to open does not
    /// exist, the error is `missing`.
    package init(_ step: Step, _ path: String) {
        let number = errno
        self.init(step == .open && number == ENOENT ? .missing : .system(step, errno: number), path: path)
    }

    /// The reason, worded to follow the path of the file in a sentence, for example `is not a regular file`.
    package var reason: String {
        switch code {
        case .missing: "does not exist"
        case .notRegular: "is not a regular file"
        case .tooLarge(let maximumBytes): "has more than \(maximumBytes) bytes"
        case .system(_, let number): "cannot be used: \(Self.text(number))"
        }
    }

    /// The path and the reason in one text, for example `cannot open /etc/x: Permission denied`.
    package var description: String {
        switch code {
        case .missing, .notRegular, .tooLarge: "\(path) \(reason)"
        case .system(let step, let number): "cannot \(step.rawValue) \(path): \(Self.text(number))"
        }
    }

    private static func text(_ number: Int32) -> String { unsafe String(cString: strerror(number)) }
}
