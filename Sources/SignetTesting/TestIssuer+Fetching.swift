import HTTPFetching
import JOSE
import SharedState
public import SignetVerifier

extension TestIssuer: HTTPFetcher {
    /// The error of every request after ``TestIssuer/goDown()``.
    public struct Unreachable: Error {}

    /// The error of a request whose answer ``TestIssuer/loseAnswers(_:)`` has dropped.
    public struct AnswerLost: Error {}

    /// Drops the answers to the next `count` requests: ``fetch(_:)`` handles the request and then throws
    /// ``AnswerLost``. For example, a refresh rotates the refresh token, but the caller does not get the new one.
    public func loseAnswers(_ count: Int = 1) { state.withLock { $0.answersToLose = count } }

    /// The URL of the JWKS document.
    public var jwksURL: String { issuer + IssuerPath.keySet }

    /// Makes every request fail with ``Unreachable`` until ``comeBack()``. A service without cached keys then answers
    /// 503.
    public func goDown() { state.withLock { $0.isReachable = false } }

    /// Makes requests succeed again after ``goDown()``.
    public func comeBack() { state.withLock { $0.isReachable = true } }

    /// All requests that the test issuer received, in order, including those that failed.
    public var requests: [HTTPFetchRequest] { state.withLock { $0.requests } }

    /// Answers a GET of the issuer metadata (RFC 8414), the JWKS or the status list, and a POST to the introspection
    /// endpoint, the token endpoint, or the routes that `SignetClient` uses. A GET of any other URL gets 404, a POST to
    /// any other URL 405.
    public func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
        let (isReachable, isLost) = state.withLock { state in
            state.requests.append(request)
            let isLost = state.answersToLose > 0
            if isLost { state.answersToLose -= 1 }
            return (state.isReachable, isLost)
        }
        guard isReachable else { throw Unreachable() }
        let response = try request.method == .get ? answerToGet(request) : answerToPost(request)
        guard !isLost else { throw AnswerLost() }
        return response
    }

    private func answerToGet(_ request: HTTPFetchRequest) throws -> HTTPFetchResponse {
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
