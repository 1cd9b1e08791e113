import Foundation
import Hummingbird
import Logging
import SignetVerifier
import SignetVerifierHTTP
import SignetVerifierOperations

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
        } catch let error as VerificationError where error.code == .issuerMismatch {
            fail("\(error)", code: 78)
        } catch {
            fail("\(error)", code: 1)
        }
    }

    static func application(_ settings: Settings) throws -> some ApplicationProtocol {
        let logger = Logger(label: "orders-service")
        // Writes to the log if keys or status lists cannot be fetched, and when that is over.
        let telemetry = VerifierTelemetry(logger: logger)
        // If the verifier checks status lists, it rejects the tokens of a logged-out session within seconds. Otherwise
        // it accepts these tokens until they expire.
        let verifier = try Verifier(
            issuer: settings.issuer, audiences: [settings.audience], fetcher: HTTPClientFetcher.shared,
            checksStatusLists: settings.checksStatusLists, observer: telemetry)
        // Fetches the keys at the start, and ends the service if another issuer answers.
        let warmUp = VerifierService(verifier: verifier, logger: logger, telemetry: telemetry)
        return Application(
            router: makeRouter(verifier: verifier, logger: logger),
            configuration: .init(address: .hostname(settings.host, port: settings.port)), services: [warmUp],
            logger: logger)
    }

    private static func fail(_ text: String, code: Int32) -> Never {
        FileHandle.standardError.write(Data("orders-service: \(text)\n".utf8))
        exit(code)
    }
}
