import Glibc

/// How many connections the listeners hold at once; further ones wait to be accepted.
///
/// Without a bound, clients that only connect would take every file descriptor of the process, and with them the
/// health endpoints and the store's files.
struct ConnectionLimit: Equatable {
    /// Most of the API: its buffers stay within some hundred MiB.
    static let most = 8192
    /// Of the operations listener, which has few callers.
    static let operations = 32
    /// Descriptors for the operations listener, the store, the keys and the runtime.
    private static let reserved = 128

    let api: Int

    /// - Parameter descriptors: how many files the process may open.
    init(descriptors: Int) {
        api = min(Self.most, max(16, descriptors - Self.reserved))
    }

    /// Raises the process's own limit of open files as far as it may and is of use.
    /// - Returns: the limit from now on.
    static func raiseDescriptorLimit() -> Int {
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
