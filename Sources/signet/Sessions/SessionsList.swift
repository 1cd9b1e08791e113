import ArgumentParser
import JOSE
import SignetIssuer
import SignetStore

/// `signet sessions list`
struct SessionsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List sessions in the order of their ids.")

    @Option(help: "Only sessions of this user, by id or e-mail address.") var user: String?
    @OptionGroup var page: PageOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let cursor: FamilyID? = try page.cursor(of: "a session")
        let sessions = try await data.withAdministration { administration in
            try administration.sessions(of: user, after: cursor, limit: page.limit)
        }
        let now = Timestamp.system()
        let views = sessions.map { SessionView(session: $0, now: now) }
        if output.json {
            JSONOutput.print(.array(views.map(\.json)))
        } else {
            print(Table(header: SessionView.header, rows: views.map(\.row)).text)
            page.noteFullPage(of: sessions.count, upTo: sessions.last?.id)
        }
    }
}
