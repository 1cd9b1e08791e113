import ArgumentParser
import Glibc
import Logging
import PrometheusExposition
import SignetIssuer
import SignetKeyring
import SignetServer
import SignetStore

/// `signet serve`: runs the identity service.
struct Serve: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run the identity service.",
        discussion: """
            Creates the store and the keys on the first start.

            Each setting below can be a flag, a SIGNET_ variable, or a line in the .env file of the working \
            directory. A flag overrides a variable, and a variable overrides the file. One more setting has no flag, \
            because every user of the machine can read a command line: SIGNET_KEYS_PASSPHRASE, the passphrase that \
            encrypts the key files.

            A duration is a whole number and s, m, h or d (15m). A size is a whole number and KiB, MiB or GiB \
            (256MiB). The items of a list are separated by commas.

            Exit code 64: a flag is unknown or has no value.
            Exit code 73: a port, directory or file cannot be used, or the disk is full.
            Exit code 78: the value of a setting is invalid, or the .env file, a key or the store is invalid or damaged.
            """)

    @OptionGroup(title: "Settings") var options: ServeOptions

    func run() async throws {
        // Ignore SIGXFSZ, so that a write beyond the file size limit fails and the store reports the error. By default
        // the signal would end the process.
        signal(SIGXFSZ, SIG_IGN)
        // Ignore SIGHUP until the service handles it, because by default the signal would end the process.
        signal(SIGHUP, SIG_IGN)
        let processors = Server.limitEventLoops()
        let source = try SettingSource(flags: options.values)
        let configuration = try ServerConfiguration(reading: source.reader)
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardError(label: label)
            handler.logLevel = configuration.logLevel
            return handler
        }
        let logger = Logger(label: "signet")
        for warning in source.warnings {
            logger.warning("\(warning.message)", metadata: warning.metadata.mapValues { "\($0)" })
        }
        // Check everything that can stop the start before the store and the keys are created, so that a failed start
        // creates neither.
        try await Server.checkListeners(of: configuration)
        let passphrase = try Self.passphrase(configuration)
        let notify: @Sendable (KeyringNotice) -> Void = { logger.notice("\($0.text)") }
        let existing = try Self.existingKeyring(configuration, passphrase, notify)
        let registry = PrometheusRegistry(describing: Self.metricDescriptions)
        let metrics = IssuerMetrics(factory: registry)
        let data = try DataStore.openOrCreate(configuration.dataDirectory, metrics: registry)
        defer { data.close() }
        let store = data.store
        let keyring =
            try existing
            ?? Keyring.open(
                directory: configuration.keysDirectory, passphrase: passphrase, policy: configuration.keyPolicy,
                notify: notify)
        for change in try keyring.adopt(configuration.keyPolicy) { logger.notice("\(change.summary)") }
        let issuer = try Issuer(
            configuration: configuration.domain, store: store, keyring: keyring,
            passwords: PasswordHasher(threads: min(processors, PasswordHasher.maximumThreads), metrics: metrics),
            logger: logger, metrics: metrics)
        if existing == nil {
            try await Self.noteNewKeyring(beside: store, logger)
            try await issuer.audit.recordKeys(keyring.listing(at: .system()).map(\.keyID), .keyGenerated)
        }
        try await Server(
            configuration: configuration, issuer: issuer, store: store, logger: logger, metrics: registry
        ).run {
            StandardError.write(Self.welcome(configuration))
        }
    }

    private static let metricDescriptions =
        ServerMetric.allCases.map { MetricDescription($0.rawValue, help: $0.help) }
        + IssuerMetric.allCases.map { MetricDescription($0.rawValue, help: $0.help) }
        + DataStore.metricDescriptions

    private static func passphrase(_ configuration: ServerConfiguration) throws(Failure) -> Passphrase? {
        do {
            return try configuration.readKeysPassphrase()
        } catch {
            throw Failure(ofPassphrase: error)
        }
    }

    /// Logs that a new keyring was created. If the store already has accounts, the line is a warning, because the
    /// configured directory of the keys may be wrong.
    private static func noteNewKeyring(beside store: any Store, _ logger: Logger) async throws {
        guard try await Administration(store: store).users(limit: 1).isEmpty else {
            logger.warning(
                """
                created a new keyring, but the store already has accounts: users must log in again, unless the old \
                refresh token HMAC keys were still in the directory; is SIGNET_KEYS right?
                """)
            return
        }
        logger.notice("created a new keyring")
    }

    /// Opens the keyring in the directory of the keys; `nil` if the directory has no keyring.
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

    /// The message that the service prints when it is ready. It contains example requests.
    private static func welcome(_ configuration: ServerConfiguration) -> String {
        let url = "http://\(configuration.api.host):\(configuration.api.port)"
        return """
            Signet is ready at \(url), issuer \(configuration.domain.identifier). Try:

              curl -s \(url)/api/register --json '{"name":"Alice","email":"alice@example.com","password":"correct horse battery"}'; echo
              curl -s \(url)/api/login --json '{"email":"alice@example.com","password":"correct horse battery"}'; echo
              curl -s \(url)/.well-known/jwks.json; echo

            Health: http://\(configuration.operations.host):\(configuration.operations.port)/health/ready. Stop with \
            Ctrl-C.
            """
    }
}
