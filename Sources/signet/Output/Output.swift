import Glibc
import JOSE

// Output: how commands print results, messages and failures. Knows no command and no setting.

/// Messages for people. Standard output holds results only.
enum StandardError {
    /// Writes one line.
    static func write(_ line: String) { _ = Line.write(line, to: STDERR_FILENO) }
}

/// Results for scripts: one JSON document on standard output.
enum JSONOutput {
    static func print(_ value: JSONValue) {
        Swift.print(String(decoding: value.serialized(), as: UTF8.self))
    }
}

/// Lines that appear at once, because no buffer holds them back.
enum Line {
    /// Writes a line and its line end.
    /// - Returns: `false` if the descriptor does not accept the whole line, for example because its reader has gone.
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
