import ArgumentParser
import SignetIssuer
import SignetServer

/// Options that tell a command where the store is.
struct DataOptions: ParsableArguments {
    @Option(
        name: .customLong(Setting.data.flag),
        help: ArgumentHelp(
            "Directory of the store. (\(Setting.data.environmentName); default: \(Setting.data.defaultText))",
            valueName: Setting.data.valueName))
    var data: String?

    /// Returns a reader for settings from the command line, the environment and the `.env` file.
    /// - Throws: ``Failure`` if the `.env` file cannot be read.
    func settings() throws -> SettingReader {
        try SettingSource(flags: data.map { [.data: $0] } ?? [:]).reader
    }

    /// Opens the store, runs `body` with it, and closes it. A running service may have the same store open.
    ///
    /// A missing store is an error, because a new empty store would hide a mistyped directory.
    /// - Throws: ``Failure`` if the `.env` file cannot be read; `SettingError` if `SIGNET_DATA` is invalid;
    ///   `StoreError` if the store cannot be opened; the errors of `body`.
    func withAdministration<Result>(_ body: (Administration) async throws -> Result) async throws -> Result {
        let data = try DataStore.openExisting(settings().dataDirectory())
        defer { data.close() }
        return try await body(Administration(store: data.store))
    }
}
