import JOSE
import SignetIssuer
import SignetStore

/// A user as the command line shows one.
struct UserView {
    let user: User

    static let header = ["ID", "E-MAIL", "NAME", "ROLES", "STATE", "CREATED"]

    var row: [String] {
        [
            user.id.description, user.email, user.name, user.roles.joined(separator: " "), state, user.createdAt.text,
        ]
    }

    var json: JSONValue {
        var object: JSONObject = [
            "id": .string(user.id.description), "email": .string(user.email), "name": .string(user.name),
            "roles": .array(user.roles.map { .string($0) }), "state": .string(state),
            "created_at": .string(user.createdAt.text), "updated_at": .string(user.updatedAt.text),
        ]
        if let time = user.disabledAt { object["disabled_at"] = .string(time.text) }
        if let time = user.lastLoginAt { object["last_login_at"] = .string(time.text) }
        return .object(object)
    }

    private var state: String { user.disabledAt == nil ? "enabled" : "disabled" }
}
