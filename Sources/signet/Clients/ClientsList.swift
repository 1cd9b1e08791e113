import ArgumentParser
import SignetIssuer

/// `signet clients list`
struct ClientsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List clients.")

    @OptionGroup var output: OutputOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let clients = try await data.withAdministration { administration in try administration.clients() }
        let views = clients.map(ClientView.init)
        if output.json {
            JSONOutput.print(.array(views.map { .object($0.json) }))
        } else {
            print(Table(header: ClientView.header, rows: views.map(\.row)).text)
        }
    }
}
