import ArgumentParser
import JOSE
import SignetIssuer
import SignetStore

/// `signet sessions list`
struct SessionsList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List sessions.")

    @Option(help: "Only sessions of this user, by id or e-mail address.") var user: String?
    @Option(help: "How many sessions at most.") var limit = 1000
    @OptionGroup var output: OutputOptions
    @OptionGroup var data: DataOptions

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 100000.") }
    }

    func run() async throws {
        let families = try await data.withAdministration { administration in
            try administration.sessions(of: user, limit: limit)
        }
        let now = Timestamp.system()
        let views = families.map { SessionView(family: $0, now: now) }
        if output.json {
            JSONOutput.print(.array(views.map(\.json)))
        } else {
            print(Table(header: SessionView.header, rows: views.map(\.row)).text)
        }
    }
}
