// snippet: imports
import HTTPTypes
import NIOHTTP1
import SignetVerifier

// end

/// The Swift code of the documentation page OtherFrameworks.md. The tests run it with a made-up web framework.
enum OtherFrameworks {
    struct Request {
        var authorization: [String] = []

        func values(of name: String) -> [String] { name == "Authorization" ? authorization : [] }
    }

    struct Response: Equatable {
        var status: Int
        var headers: [String: String] = [:]
        var body = ""
    }

    struct Service {
        let verifier: Verifier
        let log: @Sendable (String) -> Void

        struct Tenancy: Decodable { let tenant: String? }

        /// A route handler that decodes the custom claim `tenant`. The decoding may throw a `VerificationError`.
        func orders(of token: VerifiedToken) async throws -> Response {
            _ = try token.decode(as: Tenancy.self)
            return Response(status: 200, body: "Orders of \(token.subject ?? "nobody")")
        }

        // snippet: handler
        func handle(_ request: Request) async throws -> Response {
            do {
                let token = try await verifier.verify(
                    BearerCredentials.token(authorization: request.values(of: "Authorization")))
                try token.require(scopes: ["orders:read"])
                return try await orders(of: token)
            } catch let error as VerificationError {
                log("request refused: \(error)")  // for the operator, never part of the response
                var challenge = error.challenge
                challenge.realm = "orders"
                var response = Response(status: challenge.status)
                response.headers["WWW-Authenticate"] = challenge.headerValue
                response.headers["Retry-After"] = challenge.retryAfter.map(String.init)
                return response
            }
        }
        // end
    }

    /// A made-up HTTP client. It stands for the HTTP client of a web framework, and sends its requests with `fetcher`.
    struct OwnClient: Sendable {
        struct Answer {
            let status: Int
            let headers: [(String, String)]
            let body: [UInt8]
        }

        let fetcher: any HTTPFetcher

        func send(
            _ method: String, _ url: String, headers: [(String, String)], body: [UInt8], followsRedirects: Bool,
            deadline: Duration, maximumBodyBytes: Int
        ) async throws -> Answer {
            let response = try await fetcher.fetch(
                HTTPFetchRequest(
                    method: HTTPFetchRequest.Method(rawValue: method) ?? .get, url: url,
                    headers: headers.map { HTTPFetchField($0, $1) }, body: body, timeout: deadline,
                    maximumBodyBytes: maximumBodyBytes))
            return Answer(
                status: response.status, headers: response.headers.map { ($0.name, $0.value) }, body: response.body)
        }
    }

    // snippet: fetcher
    struct OwnFetcher: HTTPFetcher {
        let client: OwnClient

        func fetch(_ request: HTTPFetchRequest) async throws -> HTTPFetchResponse {
            let answer = try await client.send(
                request.method.rawValue, request.url, headers: request.headers.map { ($0.name, $0.value) },
                body: request.body, followsRedirects: false, deadline: request.timeout,
                maximumBodyBytes: request.maximumBodyBytes)
            return HTTPFetchResponse(
                status: answer.status, headers: answer.headers.map { HTTPFetchField($0, $1) }, body: answer.body)
        }
    }
    // end
}

// snippet: fields
/// Returns the Bearer token of a request that has the type of swift-http-types.
func token(of request: HTTPRequest) throws(VerificationError) -> String {
    try BearerCredentials.token(authorization: request.headerFields[values: .authorization])
}

/// Returns the Bearer token of a request that has SwiftNIO's own header type.
func token(of headers: HTTPHeaders) throws(VerificationError) -> String {
    try BearerCredentials.token(authorization: headers["Authorization"])
}
// end
