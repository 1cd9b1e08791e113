import ArgumentParser
import Configuration
import SignetIssuer
import SignetServer
import SignetStoreLMDB

/// Where the data commands find the store.
struct DataOptions: ParsableArguments {
    @Option(
        name: .customLong(Setting.data.flag),
        help: "Directory of the store. (\(Setting.data.environmentName); default: \(Setting.data.defaultText))")
    var data: String?

    /// Opens the store, also beside a running service, and runs `body` on it.
    ///
    /// The store must be there: a mistyped directory shall not look like a service without users.
    /// - Throws: ``Failure``.
    func withAdministration<Result>(
        _ body: (Administration, ServerConfiguration) async throws -> Result
    ) async throws -> Result {
        do {
            let flags = data.map { [Setting.data: $0] } ?? [:]
            let configuration = try ServerConfiguration(reading: SettingSource.reader(flags: flags))
            let store = try LMDBStore.open(path: configuration.dataDirectory, creating: false)
            defer { store.close() }
            return try await body(Administration(store: store), configuration)
        } catch {
            throw Failure(describing: error)
        }
    }

    /// As the other, for a body that needs no configuration.
    func withAdministration<Result>(_ body: (Administration) async throws -> Result) async throws -> Result {
        try await withAdministration { administration, _ in try await body(administration) }
    }
}
