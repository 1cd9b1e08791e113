import JOSE
import SignetStore

/// A session as the command line shows one.
struct SessionView {
    let family: FamilyRecord
    let now: Timestamp

    static let header = ["SESSION", "USER", "STATE", "DEVICE", "LAST ADDRESS", "CREATED", "LAST USED", "EXPIRES"]

    var row: [String] {
        [
            family.id.description, family.userID.description, state, family.device, family.lastUsedAddress,
            family.createdAt.text, family.rotatedAt.text, family.removableAt.text,
        ]
    }

    var json: JSONValue {
        var object: JSONObject = [
            "id": .string(family.id.description), "user": .string(family.userID.description),
            "state": .string(state), "device": .string(family.device),
            "created_address": .string(family.createdAddress), "last_used_address": .string(family.lastUsedAddress),
            "created_at": .string(family.createdAt.text), "last_used_at": .string(family.rotatedAt.text),
            "expires_at": .string(family.removableAt.text), "generation": .integer(Int64(family.generation)),
        ]
        if let time = family.revokedAt { object["revoked_at"] = .string(time.text) }
        return .object(object)
    }

    private var state: String {
        if family.revokedAt != nil { return "revoked" }
        return family.isAlive(at: now) ? "alive" : "expired"
    }
}
