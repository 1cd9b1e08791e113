import Foundation

/// The settings of the service. A flag overrides an environment variable.
struct Settings {
    var issuer = "http://localhost:5000"
    var audience = "http://localhost:5000"
    var host = "127.0.0.1"
    var port = 5100
    var checksStatusLists = false

    static let usage = """
        usage: orders-service [--issuer URL] [--audience NAME] [--host ADDRESS] [--port PORT]
                              [--status-lists yes|no]

        Each flag has an environment variable: ISSUER, AUDIENCE, HOST, PORT, STATUS_LISTS.
        """

    struct InvalidArgument: Error {
        let text: String
    }

    init(arguments: [String], environment: [String: String]) throws {
        var given: [String: String] = [:]
        let names = ["issuer", "audience", "host", "port", "status-lists"]
        for name in names {
            given[name] = environment[name.uppercased().replacingOccurrences(of: "-", with: "_")]
        }
        var rest = arguments[...]
        while let flag = rest.popFirst() {
            guard flag.hasPrefix("--"), names.contains(String(flag.dropFirst(2)))
            else {
                throw InvalidArgument(text: "unknown argument \(flag)")
            }
            guard let value = rest.popFirst() else { throw InvalidArgument(text: "\(flag) needs a value") }
            given[String(flag.dropFirst(2))] = value
        }
        issuer = given["issuer"] ?? issuer
        // An issuer without an audience setting puts its own URL into the `aud` claim.
        audience = given["audience"] ?? issuer
        host = given["host"] ?? host
        if let text = given["port"] {
            guard let number = Int(text), (0...65535).contains(number) else {
                throw InvalidArgument(text: "--port is \"\(text)\"; expected a number from 0 to 65535")
            }
            port = number
        }
        if let text = given["status-lists"] {
            guard ["yes", "no"].contains(text) else {
                throw InvalidArgument(text: "--status-lists is \"\(text)\"; expected yes or no")
            }
            checksStatusLists = text == "yes"
        }
    }
}
