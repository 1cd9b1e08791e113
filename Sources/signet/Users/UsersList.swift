import ArgumentParser
import JOSE
import SignetIssuer
import SignetStore

/// `signet users list`
struct UsersList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List users in the order of their ids.")

    @OptionGroup var page: PageOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let cursor: UserID? = try page.cursor(of: "a user")
        let users = try await data.withAdministration { administration in
            try administration.users(after: cursor, limit: page.limit)
        }
        let views = users.map(UserView.init)
        if output.json {
            JSONOutput.print(.array(views.map(\.json)))
        } else {
            print(Table(header: UserView.header, rows: views.map(\.row)).text)
            page.noteFullPage(of: users.count, upTo: users.last?.id)
        }
    }
}
