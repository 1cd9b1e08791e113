import Foundation
import SignetClient

/// Logs a user in, calls orders-service with the user's token, and logs the user out. The tokens are in a file.
@main
struct OrdersCommand {
    static func main() async {
        do {
            try await run(Settings(CommandLine.arguments.dropFirst(), ProcessInfo.processInfo.environment))
        } catch let error as Settings.InvalidArgument {
            fail("\(error.text)\n\n\(Settings.usage)", code: 64)
        } catch let error as ConfigurationError {
            fail("\(error)", code: 78)
        } catch let error as ClientError where [.unavailable, .tooManyAttempts].contains(error.code) {
            fail("\(error); try again later", code: 75)
        } catch let error as ClientError where [.notLoggedIn, .sessionEnded].contains(error.code) {
            fail("\(error); log in with: orders-command login EMAIL", code: 77)
        } catch {
            fail("\(error)", code: 1)
        }
    }

    private static func run(_ settings: Settings) async throws {
        let session = try UserSession(
            issuer: settings.issuer, storage: FileTokenStorage(path: settings.tokens), fetcher: URLSessionFetcher())
        switch settings.command {
        case .login(let email):
            guard let password = settings.password ?? readLine() else {
                throw Settings.InvalidArgument(text: "expected the password on the standard input")
            }
            let user = try await session.logIn(
                email: email, password: password, deviceName: "orders command", audiences: [settings.audience],
                scopes: ["orders:read"])
            print("logged in as \(user.name)")
        case .list:
            let answer = try await orders(of: session, from: settings.service)
            guard answer.status == 200 else {
                let challenge = answer.headers.first { $0.name.lowercased() == "www-authenticate" }
                throw Refused(
                    text: "\(settings.service): expected status 200, found \(answer.status) \(challenge?.value ?? "")")
            }
            print(String(decoding: answer.body, as: UTF8.self))
        case .logout:
            try await session.logOut()
            print("logged out")
        }
    }

    /// Calls the service. If the service refuses the token, asks for another token and calls the service once more.
    private static func orders(of session: UserSession, from service: String) async throws -> HTTPFetchResponse {
        func request(_ token: String) -> HTTPFetchRequest {
            HTTPFetchRequest(
                url: service + "/orders", headers: [HTTPFetchField("authorization", "Bearer \(token)")],
                timeout: .seconds(10), maximumBodyBytes: 65_536)
        }
        let token = try await session.accessToken()
        let answer = try await URLSessionFetcher().fetch(request(token))
        guard answer.refusesToken else { return answer }
        return try await URLSessionFetcher().fetch(request(session.accessToken(insteadOf: token)))
    }

    /// An answer of the service that is not a success.
    struct Refused: Error, CustomStringConvertible {
        let text: String
        var description: String { text }
    }

    private static func fail(_ text: String, code: Int32) -> Never {
        FileHandle.standardError.write(Data("orders-command: \(text)\n".utf8))
        exit(code)
    }
}
