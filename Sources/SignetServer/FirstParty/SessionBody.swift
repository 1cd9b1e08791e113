import JOSE
import SignetIssuer
import SignetStore

/// Sessions as the first-party API shows them.
enum SessionBody {
    static func page(_ page: SessionPage) -> JSONObject {
        var body: JSONObject = [
            "sessions": .array(page.sessions.map { .object(session($0, isCurrent: $0.id == page.currentID)) })
        ]
        if let next = page.next { body["nextCursor"] = .string(SessionCursor(next).text) }
        return body
    }

    private static func session(_ session: Session, isCurrent: Bool) -> JSONObject {
        [
            "id": .string(session.id.description), "device": .string(session.device),
            "createdAt": .string(session.createdAt.text), "createdAddress": .string(session.createdAddress),
            "lastUsedAt": .string(session.lastUsedAt.text), "lastUsedAddress": .string(session.lastUsedAddress),
            "expiresAt": .string(session.expiresAt.text), "current": .bool(isCurrent),
        ]
    }
}
