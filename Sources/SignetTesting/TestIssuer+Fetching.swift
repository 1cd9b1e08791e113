import HTTPFetching
import JOSE
import SharedState
public import SignetVerifier

extension TestIssuer: HTTPFetcher {
    /// The issuer is not reachable now.
    public struct Unreachable: Error {}

    /// Where the keys are served.
    public var jwksURL: String { "\(issuer)/.well-known/jwks.json" }

    /// From now on nobody gets an answer: a verifier without keys answers 503.
    public func goDown() { state.withLock { $0.isReachable = false } }

    /// Answers again after ``goDown()``.
    public func comeBack() { state.withLock { $0.isReachable = true } }

    /// Every request that came in, in order, answered or not.
    public var requests: [HTTPFetchRequest] { state.withLock { $0.requests } }

    /// Answers for the issuer's metadata (RFC 8414), its JWKS and its status list; 404 for anything else.
    public func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
        let isReachable = state.withLock { state in
            state.requests.append(request)
            return state.isReachable
        }
        guard isReachable else { throw Unreachable() }
        guard request.method == .get else { return HTTPFetchResponse(status: 405) }
        if request.url == jwksURL {
            return HTTPFetchResponse(
                status: 200, headers: [HTTPFetchField("content-type", "application/jwk-set+json")], body: jwks)
        }
        if request.url == statusListURL {
            return HTTPFetchResponse(
                status: 200,
                headers: [
                    HTTPFetchField("content-type", "application/statuslist+jwt"),
                    HTTPFetchField("cache-control", "no-cache"),
                ],
                body: Array(try statusListToken().utf8))
        }
        if request.url.contains("/.well-known/oauth-authorization-server") {
            let metadata: JSONObject = ["issuer": .string(issuer), "jwks_uri": .string(jwksURL)]
            return HTTPFetchResponse(
                status: 200, headers: [HTTPFetchField("content-type", "application/json")],
                body: metadata.serialized())
        }
        return HTTPFetchResponse(status: 404)
    }
}
