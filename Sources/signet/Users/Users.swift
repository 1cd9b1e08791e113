import ArgumentParser

/// `signet users`
struct Users: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "List, show, create, disable, enable and delete users, and set passwords.",
        discussion: "USER is an id or an e-mail address.",
        subcommands: [
            UsersList.self, UsersShow.self, UsersCreate.self, UsersPassword.self, UsersDisable.self, UsersEnable.self,
            UsersDelete.self,
        ])
}
