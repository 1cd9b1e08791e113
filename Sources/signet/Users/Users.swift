import ArgumentParser
import JOSE
import SignetIssuer
import SignetStore

/// `signet users`: the commands that manage users.
struct Users: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Manage users: the people who log in.",
        discussion: "A user is named by id or by e-mail address.",
        subcommands: [
            UsersList.self, UsersShow.self, UsersCreate.self, UsersPassword.self, UsersDisable.self, UsersEnable.self,
            UsersDelete.self,
        ])
}

/// `signet users list`: prints the users.
struct UsersList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List users, sorted by id.")

    @OptionGroup var page: PageOptions
    @OptionGroup var output: OutputOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let cursor: UserID? = try page.cursor(of: "a user")
        let users = try await data.withAdministration { administration in
            try await administration.users(after: cursor, limit: page.limit)
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

/// `signet users show`: prints one user.
struct UsersShow: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one user.")

    @Argument(help: "Id or e-mail address of the user.") var user: String
    @OptionGroup var output: OutputOptions
    @OptionGroup var data: DataOptions

    func run() async throws {
        let found = try await data.withAdministration { administration in try await administration.user(user) }
        let view = UserView(user: found)
        if output.json {
            JSONOutput.print(view.json)
        } else {
            print(Table(header: UserView.header, rows: [view.row]).text)
        }
    }
}

/// Formats a user for output: as a table row for people or as a JSON object for scripts.
struct UserView {
    let user: User

    static let header = ["ID", "E-MAIL", "NAME", "ROLES", "STATE", "CREATED"]

    var row: [String] {
        [
            user.id.description, user.email, user.name, user.roles.joined(separator: " "), state,
            user.createdAt.rfc3339Seconds,
        ]
    }

    var json: JSONValue {
        var object: JSONObject = [
            "id": .string(user.id.description), "email": .string(user.email), "name": .string(user.name),
            "roles": .array(user.roles.map { .string($0) }), "state": .string(state),
            "created_at": .string(user.createdAt.rfc3339Seconds), "updated_at": .string(user.updatedAt.rfc3339Seconds),
        ]
        if let time = user.disabledAt { object["disabled_at"] = .string(time.rfc3339Seconds) }
        if let time = user.lastLoginAt { object["last_login_at"] = .string(time.rfc3339Seconds) }
        return .object(object)
    }

    private var state: String { user.disabledAt == nil ? "enabled" : "disabled" }
}
