import ArgumentParser
import Configuration
import SignetServer

/// Reads settings in order of precedence: flags, environment, `.env` file, defaults.
enum SettingSource {
    /// The file, in the working directory.
    static let file = ".env"

    /// - Parameter flags: what was given on the command line.
    /// - Throws: ``Failure`` when there is a `.env` file that cannot be read.
    static func reader(flags: [Setting: String]) throws -> ConfigReader {
        reader(flags: flags, file: try SettingFile.read(file))
    }

    /// As the other, for a file that was read.
    static func reader(flags: [Setting: String], file: SettingFile) -> ConfigReader {
        let values = flags.map { setting, value in
            (AbsoluteConfigKey(ConfigKey(setting.configurationKey)), ConfigValue(.string(value), isSecret: false))
        }
        return ConfigReader(providers: [
            InMemoryProvider(name: "flags", values: Dictionary(uniqueKeysWithValues: values)),
            EnvironmentVariablesProvider(),
            EnvironmentVariablesProvider(environmentVariables: file.values),
        ])
    }
}
