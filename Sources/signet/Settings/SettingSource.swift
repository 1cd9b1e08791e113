import FoundationEssentials
import SignetServer

// The code in this folder looks up settings in flags, the environment and the .env file. The code in
// SignetServer/Configuration checks the values.

/// The sources of settings, in order of precedence: flags, environment, `.env` file. Defaults come last.
struct SettingSource {
    private let flags: [Setting: String]
    private let environment: [String: String]
    private let file: SettingFile

    /// Reads the environment and the `.env` file.
    /// - Parameter flags: the values from the command line.
    /// - Throws: ``Failure`` if the `.env` file exists and cannot be read.
    init(flags: [Setting: String]) throws {
        self.flags = flags
        environment = ProcessInfo.processInfo.environment
        file = try SettingFile.read()
    }

    /// A reader for all sources. If an invalid value comes from the `.env` file, the reader's error names that file.
    var reader: SettingReader {
        SettingReader { setting in
            let name = setting.environmentName
            if let text = flags[setting] ?? environment[name] { return SettingValue(text) }
            return file.values[name].map { SettingValue($0, file: SettingFile.name) }
        }
    }

    /// One warning for each unknown `SIGNET_` variable, and for each line of the `.env` file that names a `SIGNET_`
    /// variable but has no `=`.
    ///
    /// The warnings do not show values, because a variable with a misspelt name may hold a secret.
    var warnings: [SettingWarning] {
        Self.unknownNames(environment.keys).map { .unknownName($0, source: "environment") }
            + Self.unknownNames(file.values.keys).map { .unknownName($0, source: SettingFile.name) }
            + file.linesWithoutValue.map { .lineWithoutValue($0) }
    }

    private static func unknownNames(_ names: some Collection<String>) -> [String] {
        let known = Set(Setting.allCases.map(\.environmentName))
        return names.filter { name in
            // SIGNET_TEST_ variables get no warning, because they configure the tests of this repository.
            name.hasPrefix(Setting.environmentPrefix) && !name.hasPrefix("SIGNET_TEST_") && !known.contains(name)
        }.sorted()
    }
}

/// A warning about a `SIGNET_` variable or a line of the `.env` file that Signet ignores.
enum SettingWarning {
    /// A variable in the environment or the `.env` file whose name is not a setting.
    case unknownName(String, source: String)
    /// A line of the `.env` file that names a `SIGNET_` variable but has no `=`. The value is the line number, from 1.
    case lineWithoutValue(Int)

    var message: String {
        switch self {
        case .unknownName(let name, _):
            Setting.nearest(to: name).map { "unknown setting, ignored; did you mean \($0.environmentName)?" }
                ?? "unknown setting, ignored; 'signet serve --help' lists all settings"
        case .lineWithoutValue: "line ignored; expected NAME=value"
        }
    }

    var metadata: [String: String] {
        switch self {
        case .unknownName(let name, let source): ["in": source, "name": name]
        case .lineWithoutValue(let line): ["in": SettingFile.name, "line": "\(line)"]
        }
    }
}
