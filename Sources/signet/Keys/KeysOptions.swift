import ArgumentParser
import SignetIssuer
import SignetKeyring
import SignetServer
import SignetStore
import SignetStoreLMDB

/// Where the key commands find the keys, and what opens them.
struct KeysOptions: ParsableArguments {
    @Option(
        name: .customLong(Setting.keys.flag),
        help: "Directory of the keys. (\(Setting.keys.environmentName); default: \(Setting.keys.defaultText))")
    var keys: String?
    @Option(
        name: .customLong(Setting.keysPassphraseFile.flag),
        help: "File whose first line is the passphrase. (\(Setting.keysPassphraseFile.environmentName))")
    var passphraseFile: String?
    @Option(
        name: .customLong(Setting.data.flag),
        help: """
            Directory of the store, whose audit log records changes. (\(Setting.data.environmentName); default: \
            \(Setting.data.defaultText))
            """)
    var data: String?

    /// Reads the settings.
    /// - Throws: ``Failure``.
    func configuration() async throws -> ServerConfiguration {
        do {
            var flags: [Setting: String] = [:]
            flags[.keys] = keys
            flags[.data] = data
            flags[.keysPassphraseFile] = passphraseFile
            return try ServerConfiguration(reading: SettingSource.reader(flags: flags))
        } catch {
            throw Failure(describing: error)
        }
    }

    /// Reads what `keyring.json` says; no passphrase is needed.
    /// - Throws: ``Failure``.
    func overview() async throws -> KeyringOverview {
        let configuration = try await configuration()
        do {
            return try Keyring.overview(directory: configuration.keysDirectory, notify: Self.tell)
        } catch {
            throw Failure(describing: error)
        }
    }

    /// Opens the keyring, changes it, and says what was done.
    /// - Parameters:
    ///   - opening: opens it, under the passphrase that is set.
    ///   - adding: says more about the change.
    /// - Throws: ``Failure``, also when the change is made and the audit log could not say so.
    func change(
        opening: (ServerConfiguration) throws -> Keyring = Self.open, _ body: (Keyring) throws -> [KeyChange],
        adding: (Keyring, [KeyChange]) -> Void = { _, _ in }
    ) async throws {
        let configuration = try await configuration()
        do {
            let keyring = try opening(configuration)
            let changes = try body(keyring)
            for change in changes { print(Self.text(of: change)) }
            adding(keyring, changes)
            try await Self.record(changes, configuration)
        } catch {
            throw Failure(describing: error)
        }
    }

    /// Opens the keyring as a whole.
    static func open(_ configuration: ServerConfiguration) throws -> Keyring {
        try Keyring.openExisting(
            directory: configuration.keysDirectory, passphrase: try configuration.readKeysPassphrase(), notify: tell)
    }

    /// Opens the keyring to revoke a key of it: files that cannot be read are no reason not to, nor is a passphrase that
    /// cannot, as long as nothing has to be encrypted.
    static func openToRevoke(_ configuration: ServerConfiguration) throws -> Keyring {
        var passphrase: Passphrase?
        do {
            passphrase = try configuration.readKeysPassphrase()
        } catch {
            StandardError.write("Going on without a passphrase: \(error.detail)")
        }
        return try Keyring.openToRevoke(
            directory: configuration.keysDirectory, passphrase: passphrase, notify: tell)
    }

    /// Says what there is to hear about the directory of the keys.
    static let tell: @Sendable (KeyringNotice) -> Void = { StandardError.write($0.text) }

    /// Says when the keys that were added begin to sign.
    static func foretell(_ changes: [KeyChange], _ keyring: Keyring) {
        let listing = keyring.listing(at: .system())
        for key in listing where key.state == .next && changes.contains(where: { $0.kid == key.kid }) {
            StandardError.write(
                key.nextAt.map {
                    "It signs from \($0.text) on; 'signet keys rotate' lets it sign once it was published for the lead."
                } ?? "It waits for 'signet keys rotate'.")
        }
    }

    /// Has the audit log say so. What was done to the keys is done in any case: say that before.
    /// - Throws: ``Failure``.
    static func record(_ changes: [KeyChange], _ configuration: ServerConfiguration) async throws {
        do {
            let store = try LMDBStore.open(path: configuration.dataDirectory, creating: false)
            defer { store.close() }
            try await AuditTrail(store: store, now: Timestamp.system)
                .record(changes, by: .operator, in: store)
        } catch {
            throw Failure(
                "the keys were changed, and the audit log does not say so: \(Failure(describing: error).message)",
                exitCode: Failure.Code.cannotCreate)
        }
    }

    private static func text(of change: KeyChange) -> String {
        switch change {
        case .generated(let kid): "Generated key \(kid)."
        case .imported(let kid): "Imported key \(kid)."
        case .scheduled(let kid, let time):
            time <= .system() ? "Key \(kid) signs from now on." : "Key \(kid) signs from \(time.text) on."
        case .revoked(let kid): "Revoked key \(kid)."
        case .secretGenerated(let id, let time):
            "Generated refresh secret \(id); new refresh tokens are made with it from \(time.text) on."
        case .resealed(true):
            "Encrypted the keys under the new passphrase. Give it to every service that uses them, and restart it."
        case .resealed(false):
            "The keys are not encrypted any more. Take the passphrase from every service that uses them, and restart it."
        case .retired(let kid): "Key \(kid) has retired; its private half is deleted."
        case .removed(let kid): "Key \(kid) is published no more."
        case .secretRemoved, .termsChanged: "\(change.summary)."
        }
    }
}
