import Glibc
import JOSE

// This folder prints the results, messages and failures of all commands. It does not depend on any command or setting.

/// Prints messages for people on standard error, because standard output holds only results.
enum StandardError {
    /// Writes one line.
    static func write(_ line: String) { _ = Line.write(line, to: STDERR_FILENO) }
}

/// Prints a result for scripts: one JSON document on standard output.
enum JSONOutput {
    static func print(_ value: JSONValue) {
        Swift.print(String(decoding: value.serialized(), as: UTF8.self))
    }
}

/// Writes lines without a buffer, so that each line appears at once.
enum Line {
    /// Writes a line and its line end.
    /// - Returns: `true` if the whole line was written; `false` otherwise, for example if the reader closed the pipe.
    static func write(_ line: String, to descriptor: Int32) -> Bool {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
