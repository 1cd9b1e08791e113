import FoundationEssentials
import JOSE
import SignetStore

/// A user as the first-party API shows one.
enum UserBody {
    /// What registration and login answer with.
    static func summary(_ user: UserRecord) -> JSONObject {
        ["_id": .string(user.id.description), "name": .string(user.name), "email": .string(user.email)]
    }

    /// What the profile answers with.
    static func profile(_ user: UserRecord) -> JSONObject {
        var body = summary(user)
        body["createdAt"] = .string(text(user.createdAt))
        body["updatedAt"] = .string(text(user.updatedAt))
        return body
    }

    /// RFC 3339 in UTC with milliseconds: `2026-01-31T09:30:00.000Z`.
    private static func text(_ time: Timestamp) -> String {
        Date(timeIntervalSince1970: Double(time.milliseconds) / 1000)
            .formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
    }
}
