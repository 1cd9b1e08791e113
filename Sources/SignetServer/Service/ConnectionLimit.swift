import CoreMetrics
import Glibc
import HummingbirdCore
import Logging

/// The maximum number of open connections of each listener. At the maximum, a listener accepts no further connections.
///
/// Without a maximum, idle clients could use up the file descriptors of the process. The health endpoints and the store
/// would then fail to open connections and files.
struct ConnectionLimit: Equatable {
    /// The upper bound of ``api``. A connection takes some 90 KiB if its client sent the largest accepted head, so this
    /// many connections take 750 MiB at most.
    static let most = 8192
    /// The maximum number of open connections of the operations listener (health and metrics).
    static let operations = 32
    /// The lower bound of ``api``.
    static let least = 16
    /// The number of file descriptors kept free for the operations listener, the store, the keys and the runtime.
    private static let reserved = 128

    /// The maximum number of open connections of the API listener.
    let api: Int

    /// Derives the limit of the API listener from the limit of file descriptors.
    /// - Parameter descriptors: how many file descriptors the process may open.
    /// - Throws: an error if fewer than ``least`` connections are left beside the reserved file descriptors.
    init(descriptors: Int) throws(DescriptorLimitError) {
        guard descriptors >= Self.reserved + Self.least else {
            throw DescriptorLimitError(limit: descriptors, minimum: Self.reserved + Self.least)
        }
        api = min(Self.most, descriptors - Self.reserved)
    }

    /// Raises the process's soft limit of open files, and derives the limit of the API listener from it.
    static func ofProcess() throws(DescriptorLimitError) -> ConnectionLimit {
        try ConnectionLimit(descriptors: raiseDescriptorLimit())
    }

    /// Raises the process's soft limit of open files to the number that the listeners can use, within the hard limit.
    /// - Returns: the soft limit after the call.
    private static func raiseDescriptorLimit() -> Int {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        let wanted = min(limit.rlim_max, rlim_t(most + reserved))
        if limit.rlim_cur < wanted {
            var raised = limit
            raised.rlim_cur = wanted
            if unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        }
        return Int(clamping: limit.rlim_cur)
    }
}

/// The process may open too few files to serve requests.
package struct DescriptorLimitError: Error, Equatable, CustomStringConvertible {
    /// The number of files that the process may have open.
    let limit: Int
    /// The number of open files that the service needs.
    let minimum: Int

    package var description: String {
        "the limit of open files is \(limit), and the service needs at least \(minimum); raise the hard limit "
            + "(LimitNOFILE= in a systemd unit, --ulimit nofile= of a container, ulimit -Hn in a shell)"
    }
}

/// Limits the connections of the API listener and counts the open ones.
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
