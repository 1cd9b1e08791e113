import JOSE
import SignetIssuer
import SignetStore

/// An audit record as the command line shows one: a line for people, an object for scripts.
struct AuditView {
    let recorded: RecordedEvent
    private var event: AuditEvent { recorded.event }

    /// One line; what the record does not say is left out.
    /// - Parameter isColored: whether refusals stand out in red.
    func line(isColored: Bool) -> String {
        var parts = [recorded.time.text, "#\(recorded.sequence)", event.type.code, outcome]
        if !event.reason.isEmpty { parts.append("(\(event.reason))") }
        if recorded.count > 1 { parts.append("×\(recorded.count)") }
        parts.append("by=\(actor.kind)\(actor.id.map { ":\($0)" } ?? "")")
        let fields: [(String, String?)] = [
            ("user", event.subject?.description), ("session", event.familyID?.description),
            ("object", event.object), ("address", event.source.address),
        ]
        for case (let name, let value?) in fields where !value.isEmpty { parts.append("\(name)=\(value)") }
        if !event.source.device.isEmpty {
            // As JSON quotes it: what a caller calls itself cannot look like another field.
            let quoted = JSONValue.string(event.source.device).serialized()
            parts.append("agent=" + String(decoding: quoted, as: UTF8.self))
        }
        let line = Table.printable(parts.joined(separator: " "))
        return isColored && event.outcome == .refused ? "\u{1B}[31m\(line)\u{1B}[0m" : line
    }

    /// Every field; those that the record does not have are left out.
    var json: JSONValue {
        var object: JSONObject = [
            "sequence": .integer(Int64(clamping: recorded.sequence)), "time": .string(recorded.time.exactText),
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
