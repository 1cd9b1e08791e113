import Glibc
import JOSE
import SignetIssuer
import SignetStore

/// Formats an audit record for output: as a line for people or as a JSON object for scripts.
struct AuditView {
    let recorded: RecordedEvent
    private var event: AuditEvent { recorded.event }

    /// The record as one line of text. Fields that the record does not have are left out.
    /// - Parameter isColored: whether a record of a refusal is shown in red.
    func line(isColored: Bool) -> String {
        var parts = [recorded.time.rfc3339Seconds, "#\(recorded.sequence)", event.type.code, outcome]
        if !event.reason.isEmpty { parts.append("(\(event.reason))") }
        if recorded.count > 1 { parts.append("×\(recorded.count)") }
        parts.append("by=\(actor.kind)\(actor.id.map { ":\($0)" } ?? "")")
        let fields: [(String, String?)] = [
            ("user", event.subject?.description), ("session", event.familyID?.description),
            ("object", event.object), ("address", event.source.address),
        ]
        for case (let name, let value?) in fields where !value.isEmpty { parts.append("\(name)=\(value)") }
        if !event.source.device.isEmpty {
            // A User-Agent may contain any text, even `user=1`. JSON quotes keep such a text from looking like another
            // field.
            let quoted = JSONValue.string(event.source.device).serialized()
            parts.append("agent=" + String(decoding: quoted, as: UTF8.self))
        }
        let line = Table.printable(parts.joined(separator: " "))
        return isColored && event.outcome == .refused ? "\u{1B}[31m\(line)\u{1B}[0m" : line
    }

    /// The record as a JSON object. It contains only the fields that the record has.
    var json: JSONValue {
        var object: JSONObject = [
            "sequence": .integer(Int64(clamping: recorded.sequence)),
            "time": .string(recorded.time.rfc3339Milliseconds),
            "type": .string(event.type.code), "outcome": .string(outcome), "count": .integer(Int64(recorded.count)),
            "actor": .string(actor.kind),
        ]
        let fields: [(String, String?)] = [
            ("actor_id", actor.id), ("user", event.subject?.description), ("session", event.familyID?.description),
            ("object", event.object), ("address", event.source.address), ("user_agent", event.source.device),
            ("reason", event.reason),
        ]
        for case (let name, let value?) in fields where !value.isEmpty { object[name] = .string(value) }
        return .object(object)
    }

    private var outcome: String {
        switch event.outcome {
        case .succeeded: "succeeded"
        case .refused: "refused"
        }
    }

    private var actor: (kind: String, id: String?) {
        switch event.actor {
        case .anonymous: ("anonymous", nil)
        case .user(let id): ("user", id.description)
        case .client(let id): ("client", id.description)
        case .operator: ("operator", nil)
        case .issuer: ("issuer", nil)
        }
    }
}

/// Prints audit records on standard output, one per line. Each line appears at once, because output is not buffered.
struct AuditOutput {
    let isJSON: Bool
    private let isColored: Bool

    init(isJSON: Bool) {
        self.isJSON = isJSON
        // If NO_COLOR is set and not empty, the user wants output without colours.
        let noColor = unsafe getenv("NO_COLOR").map { unsafe $0.pointee != 0 } ?? false
        isColored = !isJSON && isatty(STDOUT_FILENO) == 1 && !noColor
    }

    /// Prints one line for each event.
    /// - Throws: ``Failure`` if standard output cannot be written, for example because the reader closed the pipe.
    func print(_ events: [RecordedEvent]) throws {
        for event in events {
            let view = AuditView(recorded: event)
            let line =
                isJSON ? String(decoding: view.json.serialized(), as: UTF8.self) : view.line(isColored: isColored)
            guard Line.write(line, to: STDOUT_FILENO) else { throw Failure("standard output cannot be written") }
        }
    }
}
