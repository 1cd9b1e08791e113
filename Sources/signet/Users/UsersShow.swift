import ArgumentParser
import SignetIssuer

/// `signet users show`
struct UsersShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one user.")

    @Argument(help: "Id or e-mail address.") var user: String
    @OptionGroup var output: OutputOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let found = try await data.withAdministration { administration in try administration.user(user) }
        let view = UserView(user: found)
        if output.json {
            JSONOutput.print(view.json)
        } else {
            print(Table(header: UserView.header, rows: [view.row]).text)
        }
    }
}
