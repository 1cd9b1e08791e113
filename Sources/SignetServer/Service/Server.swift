import CoreMetrics
import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
package import PrometheusExposition
import ServiceLifecycle
package import SignetIssuer
package import SignetStore
import UnixSignals

/// The running service: two listeners, the sweeper, the audit trail, and their common life.
package struct Server: Sendable {
    package let configuration: ServerConfiguration
    package let issuer: Issuer
    package let store: any Store
    package let logger: Logger
    /// What `/metrics` shows.
    package let metrics: PrometheusRegistry

    package init(
        configuration: ServerConfiguration, issuer: Issuer, store: any Store, logger: Logger,
        metrics: PrometheusRegistry
    ) {
        self.configuration = configuration
        self.issuer = issuer
        self.store = store
        self.logger = logger
        self.metrics = metrics
    }

    /// Finds out whether both listeners can be opened, before a store or a key is made.
    /// - Throws: ``ListenerError``.
    package static func checkListeners(of configuration: ServerConfiguration) async throws {
        try await ListenerProbe.check(configuration.api, setting: .port)
        try await ListenerProbe.check(configuration.operations, setting: .opsPort)
    }

    /// The routes of the API listener.
    /// - Parameter browser: `nil` for the issuer's own pages alone.
    package static func apiRoutes(
        issuer: Issuer, identifier: IssuerIdentifier, browser: BrowserPolicy? = nil
    ) -> RouteTable {
        let browser = browser ?? BrowserPolicy(identifier: identifier)
        return RouteTable(
            FirstPartyRoutes(issuer: issuer, browser: browser).routes
                + SessionRoutes(issuer: issuer, browser: browser).routes
                + AccountRoutes(issuer: issuer, browser: browser).routes + OAuthRoutes(issuer: issuer).routes
                + DiscoveryRoutes(issuer: issuer, identifier: identifier).routes
                + StatusListRoutes(issuer: issuer).routes)
    }

    /// Serves until SIGTERM or SIGINT, then finishes the requests under way, those that end within 8 seconds.
    /// - Parameter onReady: called once, when both listeners accept connections.
    /// - Throws: a ``ListenerError`` when a listener cannot bind.
    package func run(onReady: @escaping @Sendable () -> Void) async throws {
        guard let identifier = IssuerIdentifier(configuration.domain.identifier) else {
            throw SettingError(.issuer, "is not an issuer identifier")
        }
        if !identifier.isLoopback && identifier.scheme == "http" {
            logger.warning(
                "the issuer identifier is plain http: tokens and passwords would travel in the clear",
                metadata: ["issuer": "\(identifier.text)"])
        }
        if identifier.isLoopback, let port = identifier.port, port != configuration.api.port {
            logger.warning(
                "the issuer identifier names another port than the listener's: verifiers will look for keys there",
                metadata: ["issuer": "\(identifier.text)", "port": "\(configuration.api.port)"])
        }
        let limit = ConnectionLimit(descriptors: ConnectionLimit.raiseDescriptorLimit())
        let browser = BrowserPolicy(identifier: identifier, allowedOrigins: configuration.allowedOrigins)
        let routes = Self.apiRoutes(issuer: issuer, identifier: identifier, browser: browser)
        let listening = ListenerCount(expected: 2, onComplete: onReady)
        let api = ListenerService(
            application(
                IssuerPath(
                    identifier.path, of: routes,
                    before: routes.router(browser: browser, proxies: configuration.trustedProxies, metrics: metrics)
                        .buildResponder()),
                at: configuration.api,
                connections: CountedConnections(limit: limit.api, logger: logger, factory: metrics),
                counting: listening),
            listener: configuration.api, setting: .port)
        let operations = ListenerService(
            application(
                RouteTable(OperationsRoutes(store: store, keyring: issuer.keyring, metrics: metrics).routes).router()
                    .buildResponder(),
                at: configuration.operations,
                connections: MaximumAvailableConnections(ConnectionLimit.operations, logger: logger),
                counting: listening),
            listener: configuration.operations, setting: .opsPort)
        Gauge(label: ServerMetric.startedAt.rawValue, factory: metrics).record(Timestamp.system().seconds)
        var services = ServiceGroupConfiguration(
            services: [
                AuditService(audit: issuer.audit, logger: logger),
                SweepService(
                    sweeper: Sweeper(store: store, limits: configuration.domain.audit, metrics: issuer.metrics),
                    metrics: issuer.metrics.sweeps, logger: logger),
                KeyringService(
                    follower: KeyringFollower(
                        keyring: issuer.keyring, terms: configuration.keyTerms, logger: logger,
                        metrics: issuer.metrics.keys),
                    audit: issuer.audit, store: store),
                operations, api,
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger)
        // Else one sender who never ends his request would keep the process from ending.
        services.maximumGracefulShutdownDuration = Self.shutdownLimit
        try await ServiceGroup(configuration: services).run()
    }

    /// How long requests under way may take to finish after a signal: under the ten seconds after which container
    /// runtimes kill.
    static let shutdownLimit = Duration.seconds(8)

    private func application(
        _ responder: some HTTPResponder<APIRequestContext>, at listener: ServerConfiguration.Listener,
        connections: some AvailableConnectionsDelegate,
        counting: ListenerCount
    ) -> some ApplicationProtocol {
        Application(
            responder: responder,
            server: .http1(
                configuration: .init(
                    idleTimeout: .seconds(60),
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 32 * 1024, maxHeaderListSize: 64 * 1024, maxHeaderFieldCount: 100))),
            configuration: .init(
                address: .hostname(listener.host, port: listener.port),
                availableConnectionsDelegate: connections),
            onServerRunning: { _ in counting.add() },
            logger: logger)
    }
}
