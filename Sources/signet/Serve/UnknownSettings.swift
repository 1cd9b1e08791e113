import Logging
import SignetServer

/// Variables that look like settings and are none: most likely misspelt.
enum UnknownSettings {
    /// What the names of all settings begin with.
    static let prefix = "SIGNET_"

    /// The names in `variables` that start with `SIGNET_` and name no ``Setting``, in order.
    static func names(in variables: some Collection<String>) -> [String] {
        let known = Set(Setting.allCases.map(\.environmentName))
        return variables.filter { $0.hasPrefix(prefix) && !$0.hasPrefix("SIGNET_TEST_") && !known.contains($0) }
            .sorted()
    }

    /// Says on the log what was given and does nothing. Values are not named: one may be a secret.
    static func warn(of environment: some Collection<String>, _ file: SettingFile, _ logger: Logger) {
        for name in names(in: environment) { warn(of: name, in: "environment", logger) }
        for name in names(in: file.values.keys) { warn(of: name, in: SettingSource.file, logger) }
        for line in file.linesWithoutValue {
            logger.warning(
                "a line begins like a setting and is not NAME=value; it does nothing",
                metadata: ["in": "\(SettingSource.file)", "line": "\(line)"])
        }
    }

    private static func warn(of name: String, in place: String, _ logger: Logger) {
        let advice = Setting.nearest(to: name).map { "did you mean \($0.environmentName)?" }
        logger.warning(
            "there is no setting of this name; \(advice ?? "see 'signet serve --help'")",
            metadata: ["in": "\(place)", "name": "\(name)"])
    }
}
