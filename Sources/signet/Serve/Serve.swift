import ArgumentParser
import FoundationEssentials
import Glibc
import Logging
import PrometheusExposition
import SignetIssuer
import SignetKeyring
import SignetServer
import SignetStore
import SignetStoreLMDB

/// `signet serve`
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the identity service.",
        discussion: """
            Creates the store and the keys on the first start. Every setting can be given as a flag, as a SIGNET_ \
            variable, or in a .env file in the working directory; a flag wins over a variable, a variable over the file.

            Exits with 78 when a setting, a key or the store is not usable, and with 73 when a port or a directory is not.
            """)

    @OptionGroup(title: "Settings") var options: ServeOptions

    func run() async throws {
        // A file size limit then fails a write, which the store answers for, instead of ending the process.
        signal(SIGXFSZ, SIG_IGN)
        // Sent before the service listens for it, it would end the process.
        signal(SIGHUP, SIG_IGN)
        do {
            let file = try SettingFile.read(SettingSource.file)
            let configuration = try ServerConfiguration(
                reading: SettingSource.reader(flags: options.values, file: file))
            LoggingSystem.bootstrap { label in
                var handler = StreamLogHandler.standardError(label: label)
                handler.logLevel = configuration.logLevel
                return handler
            }
            let logger = Logger(label: "signet")
            UnknownSettings.warn(of: ProcessInfo.processInfo.environment.keys, file, logger)
            // Whatever may refuse the start comes before what creates something.
            try await Server.checkListeners(of: configuration)
            let passphrase = try configuration.readKeysPassphrase()
            let notify: @Sendable (KeyringNotice) -> Void = { logger.notice("\($0.text)") }
            let existing = try Self.existingKeyring(configuration, passphrase, notify)
            let registry = PrometheusRegistry(describing: MetricCatalogue.descriptions)
            let metrics = IssuerMetrics(factory: registry)
            let store = try LMDBStore.open(path: configuration.dataDirectory, metrics: registry)
            defer { store.close() }
            let keyring =
                try existing
                ?? Keyring.open(
                    directory: configuration.keysDirectory, passphrase: passphrase, terms: configuration.keyTerms,
                    notify: notify)
            for change in try keyring.adopt(configuration.keyTerms) { logger.notice("\(change.summary)") }
            let issuer = try Issuer(
                configuration: configuration.domain, store: store, keyring: keyring,
                passwords: PasswordHasher(metrics: metrics), logger: logger, metrics: metrics)
            if existing == nil {
                try Self.noteNewKeyring(beside: store, logger)
                try await issuer.audit.recordKeys(keyring.listing(at: .system()).map(\.kid), .keyGenerated)
            }
            try await Server(
                configuration: configuration, issuer: issuer, store: store, logger: logger, metrics: registry
            ).run {
                StandardError.write(Self.welcome(configuration))
            }
        } catch {
            throw Failure(describing: error)
        }
    }

    /// Whoever has accounts and no keyring may have mistyped where it is.
    private static func noteNewKeyring(beside store: LMDBStore, _ logger: Logger) throws {
        guard try store.read({ try $0.users(after: nil, limit: 1).isEmpty }) else {
            logger.warning(
                """
                made a new keyring for a store that has accounts: every earlier session ends, unless its refresh secret \
                was still there; is SIGNET_KEYS right?
                """)
            return
        }
        logger.notice("made a new keyring")
    }

    /// The keyring, unless there is none yet.
    private static func existingKeyring(
        _ configuration: ServerConfiguration, _ passphrase: Passphrase?,
        _ notify: @escaping @Sendable (KeyringNotice) -> Void
    ) throws(KeyringError) -> Keyring? {
        do {
            return try Keyring.openExisting(
                directory: configuration.keysDirectory, passphrase: passphrase, notify: notify)
        } catch {
            guard error.code == .missing else { throw error }
            return nil
        }
    }

    /// What a person who just started the service wants to see.
    private static func welcome(_ configuration: ServerConfiguration) -> String {
        let url = "http://\(configuration.api.host):\(configuration.api.port)"
        return """
            Signet is ready at \(url), issuer \(configuration.domain.identifier). Try:

              curl -s \(url)/api/register --json '{"name":"Alice","email":"alice@example.com","password":"correct horse battery"}'; echo
              curl -s \(url)/api/login --json '{"email":"alice@example.com","password":"correct horse battery"}'; echo
              curl -s \(url)/.well-known/jwks.json; echo

            Health: http://\(configuration.operations.host):\(configuration.operations.port)/health/ready. Stop with Ctrl-C.
            """
    }
}
