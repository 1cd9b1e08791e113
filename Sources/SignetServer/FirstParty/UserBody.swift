import JOSE
import SignetIssuer
import SignetStore

/// A user as the first-party API shows one.
enum UserBody {
    /// What registration and login answer with.
    static func summary(_ user: User) -> JSONObject {
        ["_id": .string(user.id.description), "name": .string(user.name), "email": .string(user.email)]
    }

    /// What the profile answers with.
    static func profile(_ user: User) -> JSONObject {
        var body = summary(user)
        body["createdAt"] = .string(user.createdAt.text)
        body["updatedAt"] = .string(user.updatedAt.text)
        return body
    }
}
