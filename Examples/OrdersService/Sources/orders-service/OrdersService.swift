import Foundation
import Hummingbird
import SignetVerifier
import SignetVerifierHTTP
import SignetVerifierHummingbird

@main
struct OrdersService {
    static func main() async {
        do {
            let settings = try Settings(
                arguments: Array(CommandLine.arguments.dropFirst()), environment: ProcessInfo.processInfo.environment)
            try await application(settings).runService()
        } catch let mistake as Settings.InvalidArgument {
            fail("\(mistake.text)\n\n\(Settings.usage)", code: 64)
        } catch let error as ConfigurationError {
            fail("\(error)", code: 78)
        } catch {
            fail("\(error)", code: 1)
        }
    }

    static func application(_ settings: Settings) throws -> some ApplicationProtocol {
        // The verifier finds the issuer's public keys through its metadata document. It fetches nothing until the first
        // token arrives. If it checks status lists, it rejects the tokens of a logged-out session within seconds.
        // Otherwise it accepts these tokens until they expire.
        let verifier = try Verifier(
            issuer: settings.issuer, audiences: [settings.audience], fetcher: HTTPClientFetcher.shared,
            checksStatusLists: settings.checksStatusLists)

        let router = Router(context: OrdersContext.self)
        let scopes = Set(settings.scope.map { [$0] } ?? [])
        router.group("orders")
            .add(middleware: BearerMiddleware(verifier: verifier, scopes: scopes, realm: "orders"))
            .get { _, context in Order.samples(for: try context.requireIdentity().id) }
        return Application(
            router: router, configuration: .init(address: .hostname(settings.host, port: settings.port)))
    }

    private static func fail(_ text: String, code: Int32) -> Never {
        FileHandle.standardError.write(Data("orders-service: \(text)\n".utf8))
        exit(code)
    }
}
