import HTTPTypes
import SharedState
import SignetIssuer

@testable import SignetAPI

// `Scripts/fuzz` compiles this file into a fuzz target, too.

/// An API for tests. Most of its endpoints answer with the method, path, fields and body of the request that they
/// received.
enum EchoAPI {
    /// Creates the API. Its endpoint `POST /gate` calls `gate` before it answers.
    static func api(gate: @escaping @Sendable () async -> Void = {}) -> API {
        let document = PublishedDocument(
            body: Array(String(repeating: "document ", count: 200).utf8), contentType: "text/plain", maxAge: 60,
            entityTag: #""tag""#)
        let large = PublishedDocument(
            body: [UInt8](repeating: UInt8(ascii: "x"), count: 100_000), contentType: "text/plain", maxAge: 60,
            entityTag: nil)
        let policy = IssuerIdentifier("https://id.example.com/id").flatMap { identifier in
            WebOrigin(RawRequests.origin).map { BrowserPolicy(identifier: identifier, allowedOrigins: [$0]) }
        }
        let withBody: Set = [200, 400, 413, 415]
        return API(
            [
                Endpoint(.get, "/", statuses: [200], .immediate(echo)),
                Endpoint(.get, "/now", statuses: [200], .immediate(echo)),
                Endpoint(.post, "/now", statuses: withBody, .immediate(echo)),
                Endpoint(.delete, "/now", statuses: [200], .immediate(echo)),
                Endpoint(.get, "/now/{id}", statuses: [200], .immediate(echo)),
                Endpoint(.post, "/oauth2/now", statuses: withBody, errors: .oauth, .immediate(refuse)),
                Endpoint(.get, "/api/now", statuses: [200], .immediate(echo)),
                Endpoint(.get, "/fault", statuses: [500], .immediate { _ in throw Fault() }),
                Endpoint(.get, "/document", statuses: [200, 304], .immediate { document.response(to: $0) }),
                Endpoint(.get, "/large", statuses: [200], .immediate { large.response(to: $0) }),
                Endpoint(.get, "/later", statuses: [200], .suspending(echoLater)),
                Endpoint(.post, "/later", statuses: withBody, .suspending(echoLater)),
                Endpoint(.delete, "/later/{id}", statuses: [204], .suspending { _ in .noContent() }),
                Endpoint(
                    .get, "/either/{id}", statuses: [200],
                    .immediateOrSuspending({ $0.parameter == "now" ? try echo($0) : nil }, echoLater)),
                Endpoint(
                    .post, "/gate", statuses: withBody,
                    .suspending {
                        await gate()
                        return try echo($0)
                    }),
            ],
            issuerPath: "/id", browser: policy)
    }

    private struct Fault: Error {}

    @Sendable
    private static func refuse(_ request: APIRequest) throws -> APIResponse {
        if case .refused(let refusal) = request.body { throw refusal }
        throw OAuthError.invalidRequest("refused")
    }

    @Sendable
    private static func echoLater(_ request: APIRequest) async throws -> APIResponse {
        await Task.yield()
        return try echo(request)
    }

    @Sendable
    private static func echo(_ request: APIRequest) throws -> APIResponse {
        var lines = [
            "\(request.method.rawValue) \(request.path) \(request.query ?? "-") \(request.parameter ?? "-")",
            "from \(request.source.address) \(request.source.device)",
        ]
        for name in HeaderFields.Name.allCases {
            lines += request.fields[values: name].map { "\(name.text): \($0)" }
        }
        switch request.body {
        case .bytes(let bytes): lines.append("body \(bytes.count) \(String(decoding: bytes, as: UTF8.self))")
        case .refused(let refusal): throw refusal
        }
        return APIResponse(
            status: .ok, fields: [.contentType: "text/plain"], body: Array(lines.joined(separator: "\n").utf8))
    }
}
