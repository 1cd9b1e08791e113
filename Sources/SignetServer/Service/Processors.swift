import LocalFiles
import NIOCore

/// The processors that the process may use.
enum Processors {
    /// The number of processors that the process may use, at least 1. `taskset`, or the CPU set or quota of a container,
    /// can allow the process fewer processors than the machine has.
    static var allowed: Int {
        // SwiftNIO counts the processors of the machine, and follows control groups. It does not follow `taskset`.
        guard let status = try? ReadableFile(path: "/proc/self/status", kind: .any).read(maximumBytes: 1 << 16),
            let count = count(inStatus: String(decoding: status, as: UTF8.self))
        else { return System.coreCount }
        return min(count, System.coreCount)
    }

    /// Counts the processors in the line `Cpus_allowed` of `/proc/self/status`, a bit mask in hexadecimal digits with
    /// commas (proc_pid_status(5)).
    /// - Returns: `nil` if the line is missing or allows no processor.
    static func count(inStatus status: String) -> Int? {
        let name = "Cpus_allowed:"
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix(name) }) else { return nil }
        let count = line.dropFirst(name.count).reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) }
        return count > 0 ? count : nil
    }
}
