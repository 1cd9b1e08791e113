import ArgumentParser
import JOSE
import SignetIssuer
import SignetStore

/// `signet clients list`
struct ClientsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List clients in the order of their ids.")

    @OptionGroup var page: PageOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let cursor: ClientID? = try page.cursor(of: "a client")
        let clients = try await data.withAdministration { administration in
            try administration.clients(after: cursor, limit: page.limit)
        }
        let views = clients.map(ClientView.init)
        if output.json {
            JSONOutput.print(.array(views.map { .object($0.json) }))
        } else {
            print(Table(header: ClientView.header, rows: views.map(\.row)).text)
            page.noteFullPage(of: clients.count, upTo: clients.last?.id)
        }
    }
}
