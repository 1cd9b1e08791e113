import HTTPFetching
import JOSE
import SharedState
public import SignetVerifier

extension TestIssuer: HTTPFetcher {
    /// The error of every request after ``TestIssuer/goDown()``.
    public struct Unreachable: Error {}

    /// The URL of the JWKS document.
    public var jwksURL: String { "\(issuer)/.well-known/jwks.json" }

    /// Makes every request fail until ``comeBack()``. A service without cached keys then answers 503.
    public func goDown() { state.withLock { $0.isReachable = false } }

    /// Makes requests succeed again after ``goDown()``.
    public func comeBack() { state.withLock { $0.isReachable = true } }

    /// All requests that the test issuer received, in order, including those that failed.
    public var requests: [HTTPFetchRequest] { state.withLock { $0.requests } }

    /// Answers a GET of the issuer metadata (RFC 8414), the JWKS or the status list. Any other URL gets 404.
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
