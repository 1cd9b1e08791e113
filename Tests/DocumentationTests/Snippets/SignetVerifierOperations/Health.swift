import Hummingbird
import Logging
import SignetVerifier

func addHealth(to router: Router<some RequestContext>, verifier: Verifier, logger: Logger) {
    router.get("ready") { _, _ -> HTTPResponse.Status in
        let readiness = await verifier.readiness()
        if !readiness.isReady { logger.warning("not ready", metadata: ["problems": "\(readiness.problems)"]) }
        return readiness.isReady ? .ok : .serviceUnavailable
    }
}
