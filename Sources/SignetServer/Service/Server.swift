import CoreMetrics
import HTTPTypes
import Hummingbird
import HummingbirdCore
package import Logging
import NIOCore
package import PrometheusExposition
import ServiceLifecycle
import SignetAPI
package import SignetIssuer
import SignetKeyring
package import SignetStore
import UnixSignals

// Code in this folder assembles the process: listeners, middleware, background services, start and shutdown. It must
// not handle single requests, and must not decide about keys, sessions or audit records.

/// The issuer process: the API and operations listeners and the background services.
package struct Server: Sendable {
    package let configuration: ServerConfiguration
    package let issuer: Issuer
    package let store: any Store
    package let logger: Logger
    /// The metrics that `/metrics` exposes.
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

    /// Starts one event loop for each processor that the process may use. SwiftNIO would start one for each processor
    /// of the machine. Call this once, before anything uses SwiftNIO.
    /// - Returns: the number of event loops.
    package static func limitEventLoops() -> Int {
        let loops = Processors.allowed
        NIOSingletons.groupLoopCountSuggestion = loops
        return loops
    }

    /// Checks that the API listener and the operations listener can bind and may accept connections. Call this before
    /// creating a store or a key, so that a failed start leaves no files behind.
    /// - Throws: ``DescriptorLimitError`` if the process may open too few files; ``ListenerError`` if a listener cannot
    ///   bind.
    package static func checkListeners(of configuration: ServerConfiguration) async throws {
        _ = try ConnectionLimit.ofProcess()
        try await ListenerService.check(configuration.api, setting: .port)
        try await ListenerService.check(configuration.operations, setting: .opsPort)
    }

    /// Serves until SIGTERM or SIGINT, then waits up to ``shutdownLimit`` for running requests to end.
    /// - Parameter onReady: called once when both listeners accept connections.
    /// - Throws: ``DescriptorLimitError`` if the process may open too few files; ``ListenerError`` if a listener cannot
    ///   bind.
    package func run(onReady: @escaping @Sendable () -> Void) async throws {
        guard let identifier = IssuerIdentifier(configuration.domain.identifier) else {
            throw SettingError(.issuer, "is not an issuer identifier")
        }
        if !identifier.isLoopback && identifier.scheme == "http" {
            logger.warning(
                "the issuer identifier uses http: passwords and tokens travel unencrypted; use https",
                metadata: ["issuer": "\(identifier.text)"])
        }
        if identifier.isLoopback, let port = identifier.port, port != configuration.api.port {
            logger.warning(
                "the port of the issuer identifier is not the listener's port: verifiers will not find the keys",
                metadata: ["issuer": "\(identifier.text)", "port": "\(configuration.api.port)"])
        }
        let limit = try ConnectionLimit.ofProcess()
        let browser = BrowserPolicy(identifier: identifier, allowedOrigins: configuration.allowedOrigins)
        let listening = ListenerCount(expected: 2, onComplete: onReady)
        let api = ListenerService(
            application(
                APIExchange(
                    API(issuer: issuer, identifier: identifier, browser: browser),
                    proxies: configuration.trustedProxies, metrics: metrics),
                at: configuration.api,
                connections: CountedConnections(limit: limit.api, logger: logger, factory: metrics),
                counting: listening),
            listener: configuration.api, setting: .port)
        let operations = ListenerService(
            application(
                APIExchange(
                    API(
                        OperationsEndpoints(
                            issuer: issuer, metricsType: PrometheusRegistry.mediaType,
                            metricsPage: { [metrics] in metrics.text() }
                        ).endpoints)),
                at: configuration.operations,
                connections: MaximumAvailableConnections(ConnectionLimit.operations, logger: logger),
                counting: listening),
            listener: configuration.operations, setting: .opsPort)
        Gauge(label: ServerMetric.startedAt.rawValue, factory: metrics).record(Timestamp.system().seconds)
        var services = ServiceGroupConfiguration(
            // The service group stops its services from the last to the first. The audit service stops last, so that it
            // writes the last events.
            services: [
                AuditService(audit: issuer.audit, logger: logger),
                SweepService(
                    sweeper: Sweeper(store: store, limits: configuration.domain.audit, metrics: issuer.metrics),
                    metrics: issuer.metrics.sweeps, logger: logger),
                KeyringService(
                    follower: KeyringFollower(
                        keyring: issuer.keyring, policy: configuration.keyPolicy, logger: logger,
                        metrics: issuer.metrics.keys),
                    audit: issuer.audit, store: store),
                operations, api,
            ],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger)
        // Limit the shutdown. Otherwise, a client that never finishes its request would keep the process running.
        services.maximumGracefulShutdownDuration = Self.shutdownLimit
        try await ServiceGroup(configuration: services).run()
    }

    /// How long running requests may take after SIGTERM or SIGINT. It is shorter than the ten seconds after which
    /// container runtimes kill the process.
    static let shutdownLimit = Duration.seconds(8)

    private func application(
        _ exchange: APIExchange, at listener: ServerConfiguration.Listener,
        connections: some AvailableConnectionsDelegate,
        counting: ListenerCount
    ) -> some ApplicationProtocol {
        Application(
            responder: APIResponder(exchange: exchange),
            server: configuration.usesFastLane ? .fastLane(exchange) : .http1(configuration: .signet()),
            configuration: .init(
                address: .hostname(listener.host, port: listener.port),
                availableConnectionsDelegate: connections),
            onServerRunning: { _ in counting.add() },
            logger: logger)
    }
}

extension HTTPServerBuilder {
    /// An HTTP/1.1 server whose ``FastLane`` answers simple requests itself and passes all others on to Hummingbird.
    fileprivate static func fastLane(_ exchange: APIExchange) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            FastLaneChannel(
                http1: HTTP1Channel(responder: responder, configuration: .signet(idleTimeout: nil)), exchange: exchange,
                idleTimeout: idleTimeout)
        }
    }

    static let idleTimeout = TimeAmount.seconds(60)
}

extension HTTP1Channel.Configuration {
    /// Hummingbird's HTTP/1.1 settings, the same for all listeners.
    /// - Parameter idleTimeout: the time after which Hummingbird closes an idle connection. Pass `nil` with a
    ///   ``FastLane``, which closes idle connections itself. Hummingbird would count a connection as idle while the
    ///   fast lane answers its requests.
    static func signet(idleTimeout: TimeAmount? = HTTPServerBuilder.idleTimeout) -> Self {
        Self(
            idleTimeout: idleTimeout,
            httpDecoderConfiguration: .init(
                maxHeaderFieldSize: 32 * 1024, maxHeaderListSize: 64 * 1024, maxHeaderFieldCount: 100))
    }
}
