import FoundationEssentials
import SignetServer

// This folder finds the settings of commands in flags, the environment and the .env file. The folder
// SignetServer/Configuration decides which values are valid.

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

    /// Reads one setting at a time, so that a command checks only the settings that it uses.
    var reader: SettingReader {
        SettingReader { setting in
            let name = setting.environmentName
            if let text = flags[setting] ?? environment[name] { return SettingValue(text) }
            return file.values[name].map { SettingValue($0, file: SettingFile.name) }
        }
    }

    /// One warning for each `SIGNET_` variable that is not a setting and for each `SIGNET_` line of the `.env` file
    /// without `=`. Values do not appear, because a misspelt variable may hold a secret.
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

/// A variable or line that looks like a setting but is not one. Signet logs a warning and ignores it.
enum SettingWarning {
    /// A variable in the environment or the `.env` file whose name is not a setting.
    case unknownName(String, source: String)
    /// The number of a line of the `.env` file that is not `NAME=value`, counted from 1.
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
