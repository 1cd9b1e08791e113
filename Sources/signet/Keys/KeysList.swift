import ArgumentParser
import JOSE
import SignetIssuer
import SignetServer
import SignetStore

/// `signet keys list`
struct KeysList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the signing keys with their state. Private keys are never shown.")

    @Option(
        name: .customLong(Setting.keys.flag),
        help: "Directory of the keys. (\(Setting.keys.environmentName); default: \(Setting.keys.defaultText))")
    var keys: String?
    @OptionGroup var output: OutputOptions

    func run() async throws {
        let listing: [KeyListing]
        do {
            let flags = keys.map { [Setting.keys: $0] } ?? [:]
            let configuration = try ServerConfiguration(reading: try await SettingSource.reader(flags: flags))
            listing = try Keyring.openExisting(directory: configuration.keysDirectory).listing(at: .system())
        } catch {
            throw Failure(describing: error)
        }
        if output.json {
            JSONOutput.print(.array(listing.map(Self.json)))
        } else {
            let rows = listing.map { key in
                [
                    key.kid, key.state.rawValue, key.isSigning ? "yes" : "no", "\(key.bits)", key.createdAt.text,
                    key.activatesAt.text, key.retiresAt?.text ?? "",
                ]
            }
            print(
                Table(header: ["KID", "STATE", "SIGNING", "BITS", "CREATED", "ACTIVE FROM", "RETIRES"], rows: rows).text
            )
        }
    }

    private static func json(_ key: KeyListing) -> JSONValue {
        var object: JSONObject = [
            "kid": .string(key.kid), "state": .string(key.state.rawValue), "signing": .bool(key.isSigning),
            "bits": .integer(Int64(key.bits)), "created_at": .string(key.createdAt.text),
            "activates_at": .string(key.activatesAt.text),
        ]
        if let time = key.retiresAt { object["retires_at"] = .string(time.text) }
        if let time = key.removedAt { object["removed_at"] = .string(time.text) }
        return .object(object)
    }
}
