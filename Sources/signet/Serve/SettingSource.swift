import ArgumentParser
import Configuration
import SignetServer
import SystemPackage

/// Reads settings in order of precedence: flags, environment, `.env` file, defaults.
enum SettingSource {
    /// - Parameter flags: what was given on the command line.
    /// - Throws: ``Failure`` when there is a `.env` file that cannot be read.
    static func reader(flags: [Setting: String]) async throws -> ConfigReader {
        let values = flags.map { setting, value in
            (AbsoluteConfigKey(ConfigKey(setting.configurationKey)), ConfigValue(.string(value), isSecret: false))
        }
        let file: EnvironmentVariablesProvider
        do {
            file = try await EnvironmentVariablesProvider(environmentFilePath: ".env", allowMissing: true)
        } catch {
            throw Failure("the .env file cannot be read: \(error)", exitCode: Failure.Code.configuration)
        }
        return ConfigReader(providers: [
            InMemoryProvider(name: "flags", values: Dictionary(uniqueKeysWithValues: values)),
            EnvironmentVariablesProvider(),
            file,
        ])
    }
}
