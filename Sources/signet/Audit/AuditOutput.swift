import Glibc
import JOSE
import SignetIssuer
import SignetStore

/// Prints audit records, each on a line of its own and at once.
struct AuditOutput {
    let isJSON: Bool
    private let isColored: Bool

    /// Colours only for a person who has not asked for none (NO_COLOR).
    init(isJSON: Bool) {
        self.isJSON = isJSON
        let noColor = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
        isColored = !isJSON && isatty(STDOUT_FILENO) == 1 && !noColor
    }

    /// - Throws: a ``Failure`` when nobody reads any more.
    func print(_ events: [RecordedEvent]) throws {
        for event in events {
            let view = AuditView(recorded: event)
            try write(isJSON ? view.json.serialized() : Array(view.line(isColored: isColored).utf8))
        }
    }

    private func write(_ line: [UInt8]) throws {
        var rest = (line + [UInt8(ascii: "\n")])[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else { throw Failure("standard output cannot be written") }
            rest = rest.dropFirst(count)
        }
    }
}
