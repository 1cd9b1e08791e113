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
        // The key source finds the issuer's public keys through its metadata document. It fetches nothing until the
        // first token arrives.
        let keys = try RemoteKeySource(issuer: settings.issuer, fetcher: HTTPClientFetcher.shared)
        let policy = try VerificationPolicy(issuer: settings.issuer, audiences: [settings.audience])
        // If the service checks status lists, it rejects the tokens of a logged-out session within seconds. Otherwise
        // it accepts these tokens until they expire.
        let statuses =
            settings.checksStatusLists
            ? try StatusListSource(issuer: settings.issuer, keys: keys, fetcher: HTTPClientFetcher.shared) : nil
        let verifier = Verifier(policy: policy, keys: keys, statuses: statuses)

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
