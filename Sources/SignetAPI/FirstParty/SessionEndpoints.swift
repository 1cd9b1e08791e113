import HTTPTypes
import JOSE
import SignetIssuer
import SignetStore

/// The endpoints that list and end a user's sessions.
struct SessionEndpoints: Sendable {
    /// The number of sessions on a page if the request has no `limit`.
    static let defaultLimit = 50

    let issuer: Issuer
    let browser: BrowserPolicy

    var endpoints: [Endpoint] {
        [
            Endpoint(.get, "/api/sessions", statuses: [200, 400, 401, 403, 404, 503], .inquiring(list)),
            Endpoint(.delete, "/api/sessions", statuses: [204, 400, 401, 403, 404, 503], .suspending(revokeAll)),
            Endpoint(.delete, "/api/sessions/{id}", statuses: [204, 401, 403, 404, 503], .suspending(revoke)),
        ]
    }

    @Sendable
    private func list(_ request: APIRequest) throws -> Inquiry<APIResponse> {
        let token = try request.accessToken()
        var query = QueryFields(request)
        let range = 1...Issuer.longestSessionPage
        let limit = query.value("limit", expected: "a whole number from 1 to \(range.upperBound)") { text in
            Int(text).flatMap { range.contains($0) && text.utf8.first != UInt8(ascii: "+") ? $0 : nil }
        }
        let cursor = query.value("cursor", expected: "the nextCursor of a page", SessionCursor.init)
        try query.check()
        return try issuer.sessionsInquiry(
            accessToken: token, after: cursor?.position, limit: limit ?? Self.defaultLimit
        ).map { .json(SessionBody.page($0)) }
    }

    @Sendable
    private func revokeAll(_ request: APIRequest) async throws -> APIResponse {
        let token = try request.accessToken()
        var query = QueryFields(request)
        let all = query.value("all", expected: "true or false", Bool.init) ?? false
        try query.check()
        try await issuer.revokeSessions(accessToken: token, includingCurrent: all, from: request.source)
        return .noContent(fields: all ? browser.cookie.clearing(from: request.fields) : [:])
    }

    @Sendable
    private func revoke(_ request: APIRequest) async throws -> APIResponse {
        let token = try request.accessToken()
        let isCurrent = try await issuer.revokeSession(
            // Session ids are stored in lower case. RFC 9562 section 4 allows clients to send either case.
            (request.parameter ?? "").lowercased(), accessToken: token, from: request.source)
        return .noContent(fields: isCurrent ? browser.cookie.clearing(from: request.fields) : [:])
    }
}

/// The position at which a page of the session list starts. Clients get the position as an opaque text.
struct SessionCursor: Equatable {
    let position: FamilyID

    init(_ position: FamilyID) { self.position = position }

    /// Reads a cursor written by ``text``; `nil` for any other text.
    init?(_ text: String) {
        guard text.utf8.count == 22, let bytes = Base64URL.decode(text.utf8), let position = FamilyID(bytes: bytes.span)
        else { return nil }
        self.position = position
    }

    var text: String { Base64URL.encode(position.bytes) }
}
