import JOSE
import SignetStore

/// An audit record as the command line shows one: a line for people, an object for scripts.
struct AuditView {
    let record: AuditRecord

    /// One line; what the record does not say is left out.
    /// - Parameter isColored: whether refusals stand out in red.
    func line(isColored: Bool) -> String {
        var parts = [record.time.text, "#\(record.sequence)", record.type.code, outcome]
        if !record.reason.isEmpty { parts.append("(\(record.reason))") }
        if record.count > 1 { parts.append("×\(record.count)") }
        parts.append("by=\(actor.kind)\(actor.id.map { ":\($0)" } ?? "")")
        let fields: [(String, String?)] = [
            ("user", record.subject?.description), ("session", record.familyID?.description),
            ("object", record.object), ("address", record.address),
        ]
        for case (let name, let value?) in fields where !value.isEmpty { parts.append("\(name)=\(value)") }
        if !record.userAgent.isEmpty {
            // As JSON quotes it: what a caller calls itself cannot look like another field.
            let quoted = JSONValue.string(record.userAgent).serialized()
            parts.append("agent=" + String(decoding: quoted, as: UTF8.self))
        }
        let line = Table.printable(parts.joined(separator: " "))
        return isColored && record.outcome == .refused ? "\u{1B}[31m\(line)\u{1B}[0m" : line
    }

    /// Every field; those that the record does not have are left out.
    var json: JSONValue {
        var object: JSONObject = [
            "sequence": .integer(Int64(clamping: record.sequence)), "time": .string(record.time.exactText),
            "type": .string(record.type.code), "outcome": .string(outcome), "count": .integer(Int64(record.count)),
            "actor": .string(actor.kind),
        ]
        let fields: [(String, String?)] = [
            ("actor_id", actor.id), ("user", record.subject?.description), ("session", record.familyID?.description),
            ("object", record.object), ("address", record.address), ("user_agent", record.userAgent),
            ("reason", record.reason),
        ]
        for case (let name, let value?) in fields where !value.isEmpty { object[name] = .string(value) }
        return .object(object)
    }

    private var outcome: String {
        switch record.outcome {
        case .succeeded: "succeeded"
        case .refused: "refused"
        }
    }

    private var actor: (kind: String, id: String?) {
        switch record.actor {
        case .anonymous: ("anonymous", nil)
        case .user(let id): ("user", id.description)
        case .client(let id): ("client", id.description)
        case .operator: ("operator", nil)
        case .issuer: ("issuer", nil)
        }
    }
}
