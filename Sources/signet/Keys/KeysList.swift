import ArgumentParser
import JOSE
import SignetIssuer
import SignetStore

/// `signet keys list`
struct KeysList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List the signing keys: state, age, what happens next and when.",
        discussion: "Reads keyring.json alone: no private key, and no passphrase is needed.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var keys: KeysOptions

    func run() async throws {
        let overview = try await keys.overview()
        let now = Timestamp.system()
        let listing = overview.listing(at: now)
        if output.json {
            JSONOutput.print(.array(listing.map(Self.json)))
        } else {
            let rows = listing.map { key in
                [
                    key.kid, key.state.rawValue, key.isSigning ? "yes" : "no", "\(key.bits)",
                    Self.age(of: key, at: now), Self.text(of: key.nextEvent), key.nextAt?.text ?? "",
                ]
            }
            print(Table(header: ["KID", "STATE", "SIGNING", "BITS", "AGE", "NEXT", "WHEN"], rows: rows).text)
        }
    }

    /// In the largest unit of which there is at least one.
    private static func age(of key: KeyListing, at now: Timestamp) -> String {
        let seconds = max(0, now.seconds - key.createdAt.seconds)
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

    private static func json(_ key: KeyListing) -> JSONValue {
        var object: JSONObject = [
            "kid": .string(key.kid), "state": .string(key.state.rawValue), "signing": .bool(key.isSigning),
            "bits": .integer(Int64(key.bits)), "created_at": .string(key.createdAt.text),
            "next_event": .string(key.nextEvent.rawValue),
        ]
        for (name, time) in [
            ("activates_at", key.activatesAt), ("retires_at", key.retiresAt), ("removed_at", key.removedAt),
            ("next_at", key.nextAt),
        ] {
            object[name] = time.map { .string($0.text) }
        }
        return .object(object)
    }
}
