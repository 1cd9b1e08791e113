import ArgumentParser
import JOSE
import SignetIssuer
import SignetKeyring
import SignetStore

/// `signet keys list`: prints the signing keys and the HMAC keys of refresh tokens.
struct KeysList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List signing keys and refresh token HMAC keys: state, age, and the next change.",
        discussion: """
            Access tokens are signed with signing keys. Refresh tokens are made with HMAC keys.

            AGE counts from the creation or the import of a key. Revoked keys are not listed.

            The command reads keyring.json only, so it needs no passphrase.
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var keys: KeysDirectoryOptions

    func run() async throws {
        let overview = try keys.overview()
        let now = Timestamp.system()
        let signing = overview.listing(at: now)
        let secrets = overview.refreshSecrets(at: now)
        if output.json {
            JSONOutput.print([
                "keys": .array(signing.map(Self.json)), "refresh_secrets": .array(secrets.map(Self.json)),
            ])
            return
        }
        let rows = signing.map { key in
            [
                key.keyID, key.state.rawValue, key.isSigning ? "yes" : "no", "\(key.bits)",
                Self.age(since: key.createdAt, at: now), Self.text(of: key.nextEvent), key.nextAt?.rfc3339Seconds ?? "",
            ]
        }
        print(Table(header: ["KID", "STATE", "SIGNING", "BITS", "AGE", "NEXT", "WHEN"], rows: rows).text)
        let secretRows = secrets.map { secret in
            [
                "\(secret.id)", secret.state.rawValue, Self.age(since: secret.createdAt, at: now),
                Self.text(of: secret.nextEvent), secret.nextAt?.rfc3339Seconds ?? "",
            ]
        }
        print()
        print(Table(header: ["REFRESH TOKEN HMAC KEY", "STATE", "AGE", "NEXT", "WHEN"], rows: secretRows).text)
    }

    /// The age of a key as a whole number of days, hours, minutes or seconds: the largest unit that is not zero.
    private static func age(since createdAt: Timestamp, at now: Timestamp) -> String {
        let seconds = max(0, now.seconds - createdAt.seconds)
        for (length, unit) in [(86_400, "d"), (3600, "h"), (60, "m")] as [(Int64, String)] where seconds >= length {
            return "\(seconds / length)\(unit)"
        }
        return "\(seconds)s"
    }

    private static func text(of event: KeyListing.Event) -> String {
        switch event {
        case .signs: "begins to sign"
        case .successor: "successor is published"
        case .retires: "retires"
        case .removed: "is removed"
        case .none: "waits for 'signet keys rotate'"
        }
    }

    private static func text(of event: RefreshSecretListing.Event) -> String {
        switch event {
        case .used: "is used for new tokens"
        case .replaced: "successor is used for new tokens"
        case .removed: "is removed"
        case .none: "waits for 'signet keys rotate --refresh-secret'"
        }
    }

    private static func json(_ key: KeyListing) -> JSONValue {
        var object: JSONObject = [
            "kid": .string(key.keyID), "state": .string(key.state.rawValue), "signing": .bool(key.isSigning),
            "bits": .integer(Int64(key.bits)), "created_at": .string(key.createdAt.rfc3339Seconds),
            "next_event": .string(key.nextEvent.rawValue),
        ]
        for (name, time) in [
            ("activates_at", key.activatesAt), ("retires_at", key.retiresAt), ("removed_at", key.removedAt),
            ("next_at", key.nextAt),
        ] {
            object[name] = time.map { .string($0.rfc3339Seconds) }
        }
        return .object(object)
    }

    private static func json(_ secret: RefreshSecretListing) -> JSONValue {
        var object: JSONObject = [
            "id": .integer(Int64(secret.id)), "state": .string(secret.state.rawValue),
            "created_at": .string(secret.createdAt.rfc3339Seconds),
            "activates_at": .string(secret.activatesAt.rfc3339Seconds),
            "next_event": .string(secret.nextEvent.rawValue),
        ]
        object["removed_at"] = secret.removedAt.map { .string($0.rfc3339Seconds) }
        object["next_at"] = secret.nextAt.map { .string($0.rfc3339Seconds) }
        return .object(object)
    }
}
