import SignetServer

/// Variables that look like settings and are none: most likely misspelt.
enum UnknownSettings {
    /// The names in `environment` that start with `SIGNET_` and name no ``Setting``, in order.
    static func names(in environment: some Collection<String>) -> [String] {
        let known = Set(Setting.allCases.map(\.environmentName))
        return environment.filter { $0.hasPrefix("SIGNET_") && !$0.hasPrefix("SIGNET_TEST_") && !known.contains($0) }
            .sorted()
    }
}
