import Logging
import SignetVerifier
import SignetVerifierHTTP
import SignetVerifierOperations

func watchedVerifier(logger: Logger) throws -> (verifier: Verifier, service: VerifierService) {
    let telemetry = VerifierTelemetry(logger: logger)
    let verifier = try Verifier(
        issuer: "https://issuer.example", audiences: ["https://orders.example"], fetcher: HTTPClientFetcher.shared,
        checksStatusLists: true, observer: telemetry)
    return (verifier, VerifierService(verifier: verifier, logger: logger, telemetry: telemetry))
}
