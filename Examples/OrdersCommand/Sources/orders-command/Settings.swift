/// The settings of the command. A flag overrides an environment variable.
struct Settings {
    enum Command {
        case login(email: String)
        case list
        case logout
    }

    let command: Command
    let issuer: String
    let service: String
    /// The audience of orders-service.
    let audience: String
    let tokens: String
    let password: String?

    static let usage = """
        usage: orders-command login EMAIL | list | logout
                              [--issuer URL] [--service URL] [--audience NAME] [--tokens FILE]

        `login` reads the password from ORDERS_PASSWORD or the standard input.
        """

    struct InvalidArgument: Error {
        let text: String
    }

    init(_ arguments: ArraySlice<String>, _ environment: [String: String]) throws {
        var words: [String] = []
        var given: [String: String] = [:]
        var rest = arguments
        while let argument = rest.popFirst() {
            if argument.hasPrefix("--") {
                guard ["--issuer", "--service", "--audience", "--tokens"].contains(argument) else {
                    throw InvalidArgument(text: "unknown argument \(argument)")
                }
                guard let value = rest.popFirst() else { throw InvalidArgument(text: "\(argument) needs a value") }
                given[argument] = value
            } else {
                words.append(argument)
            }
        }
        switch (words.first, words.count) {
        case ("login", 2): command = .login(email: words[1])
        case ("list", 1): command = .list
        case ("logout", 1): command = .logout
        default: throw InvalidArgument(text: "expected login EMAIL, list or logout")
        }
        issuer = given["--issuer"] ?? "http://localhost:5000"
        service = given["--service"] ?? "http://localhost:5100"
        audience = given["--audience"] ?? "orders"
        tokens = given["--tokens"] ?? (environment["HOME"] ?? ".") + "/.orders-tokens"
        password = environment["ORDERS_PASSWORD"]
    }
}
