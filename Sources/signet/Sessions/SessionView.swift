import JOSE
import SignetIssuer
import SignetStore

/// A session as the command line shows one.
struct SessionView {
    let session: Session
    let now: Timestamp

    static let header = ["SESSION", "USER", "STATE", "DEVICE", "LAST ADDRESS", "CREATED", "LAST USED", "EXPIRES"]

    var row: [String] {
        [
            session.id.description, session.userID.description, state, session.device, session.lastUsedAddress,
            session.createdAt.text, session.lastUsedAt.text, session.expiresAt.text,
        ]
    }

    var json: JSONValue {
        var object: JSONObject = [
            "id": .string(session.id.description), "user": .string(session.userID.description),
            "state": .string(state), "device": .string(session.device),
            "created_address": .string(session.createdAddress), "last_used_address": .string(session.lastUsedAddress),
            "created_at": .string(session.createdAt.text), "last_used_at": .string(session.lastUsedAt.text),
            "expires_at": .string(session.expiresAt.text), "generation": .integer(Int64(session.generation)),
        ]
        if let time = session.revokedAt { object["revoked_at"] = .string(time.text) }
        return .object(object)
    }

    private var state: String { session.state(at: now).rawValue }
}
