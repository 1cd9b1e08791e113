import CoreMetrics
import HummingbirdCore
import Logging

/// Holds connections back beyond a limit, and counts those that are open.
struct CountedConnections: AvailableConnectionsDelegate {
    private var limit: MaximumAvailableConnections
    private let open: Meter

    init(limit: Int, logger: Logger, factory: any MetricsFactory) {
        self.limit = MaximumAvailableConnections(limit, logger: logger)
        open = Meter(label: ServerMetric.connections.rawValue, factory: factory)
    }

    mutating func connectionOpened() {
        open.increment()
        limit.connectionOpened()
    }

    mutating func connectionClosed() {
        open.decrement()
        limit.connectionClosed()
    }

    func isAcceptingNewConnections() -> Bool { limit.isAcceptingNewConnections() }
}
