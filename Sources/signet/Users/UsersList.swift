import ArgumentParser
import JOSE
import SignetIssuer
import SignetStore

/// `signet users list`
struct UsersList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List users in the order of their ids.")

    @Option(help: "How many users at most.") var limit = 1000
    @Option(help: ArgumentHelp("Only users after this id.", valueName: "id")) var after: String?
    @OptionGroup var output: OutputOptions
    @OptionGroup var data: DataOptions

    func validate() throws {
        guard (1...100_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 100000.") }
    }

    func run() async throws {
        let cursor = try after.map { text in
            guard let id = UserID(text) else { throw Failure("--after must be the id of a user") }
            return id
        }
        let users = try await data.withAdministration { administration in
            try administration.users(after: cursor, limit: limit)
        }
        let views = users.map(UserView.init)
        if output.json {
            JSONOutput.print(.array(views.map(\.json)))
        } else {
            print(Table(header: UserView.header, rows: views.map(\.row)).text)
        }
    }
}
