// snippet: imports
import Hummingbird
import Logging
import SignetVerifier
import SignetVerifierHTTP
import SignetVerifierOperations

// end

// The Swift code of the documentation page SignetVerifierOperations.md. This test target compiles and runs it.

// snippet: watched
func watchedVerifier(logger: Logger) throws -> (verifier: Verifier, service: VerifierService) {
    let telemetry = VerifierTelemetry(logger: logger)
    let verifier = try Verifier(
        issuer: "https://issuer.example", audiences: ["https://orders.example"], fetcher: HTTPClientFetcher.shared,
        checksStatusLists: true, observer: telemetry)
    return (verifier, VerifierService(verifier: verifier, logger: logger, telemetry: telemetry))
}
// end

// snippet: health
func addHealth(to router: Router<OrdersContext>, verifier: Verifier, logger: Logger) {
    router.get("ready") { _, _ -> HTTPResponse.Status in
        let readiness = await verifier.readiness()
        if !readiness.isReady { logger.warning("not ready", metadata: ["problems": "\(readiness.problems)"]) }
        return readiness.isReady ? .ok : .serviceUnavailable
    }
}
// end
