import ArgumentParser
import SignetIssuer
import SignetServer
import SignetStoreLMDB

/// Options that tell a command where the store is.
struct DataOptions: ParsableArguments {
    @Option(
        name: .customLong(Setting.data.flag),
        help: ArgumentHelp(
            "Directory of the store. (\(Setting.data.environmentName); default: \(Setting.data.defaultText))",
            valueName: Setting.data.valueName))
    var data: String?

    /// A reader for the settings. Each command reads only the settings that it uses.
    /// - Throws: ``Failure`` if the `.env` file cannot be read.
    func settings() throws -> SettingReader {
        try SettingSource(flags: data.map { [.data: $0] } ?? [:]).reader
    }

    /// Opens the store, also while a service uses it, and runs `body` on it.
    ///
    /// A store that does not exist is an error, so that a mistyped directory does not look like an empty service.
    /// - Throws: ``Failure`` if the `.env` file cannot be read; `SettingError` if `SIGNET_DATA` is invalid;
    ///   `StoreError` if the store cannot be opened; the errors of `body`.
    func withAdministration<Result>(_ body: (Administration) async throws -> Result) async throws -> Result {
        let store = try LMDBStore.open(path: settings().dataDirectory(), creating: false)
        defer { store.close() }
        return try await body(Administration(store: store))
    }
}
