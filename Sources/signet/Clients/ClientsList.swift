import ArgumentParser
import JOSE
import SignetIssuer

/// `signet clients list`
struct ClientsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List clients.")

    @Option(help: "How many clients at most.") var limit = 1000
    @OptionGroup var output: OutputOptions
    @OptionGroup var data: DataOptions

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 100000.") }
    }

    func run() async throws {
        let clients = try await data.withAdministration { administration in try administration.clients(limit: limit) }
        let views = clients.map(ClientView.init)
        if output.json {
            JSONOutput.print(.array(views.map { .object($0.json) }))
        } else {
            print(Table(header: ClientView.header, rows: views.map(\.row)).text)
        }
    }
}
