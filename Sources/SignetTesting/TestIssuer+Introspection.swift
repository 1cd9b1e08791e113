import HTTPFetching
import JOSE
import SharedState
import SignetVerifier

extension TestIssuer {
    /// The URL of the introspection endpoint (RFC 7662). Callers authenticate as a client that
    /// ``addClient(id:secret:scopes:)`` has added.
    public var introspectionURL: String { issuer + IssuerPath.introspection }

    /// Answers an introspection request. A token is active if this issuer signed it, its times are valid, its session
    /// has not ended, and its status list entry is not revoked. Every audience is accepted.
    func introspect(_ request: HTTPFetchRequest) throws -> HTTPFetchResponse {
        guard client(of: request) != nil else { return Self.json(["error": "invalid_client"], status: 401) }
        guard let token = Self.form(request.body)["token"] else {
            return Self.json(["error": "invalid_request"], status: 400)
        }
        let policy = try VerificationPolicy(
            anyIssuerOr: issuer, audiences: [], acceptsAnyAudience: true, allowedTypes: .any, requiredClaims: [])
        let (keys, ended, revoked) = state.withLock { ($0.keySet, $0.endedSessions, $0.revokedStatuses) }
        let verified = try? Verifier(policy: policy, keys: StaticKeySource(keys)).verify(token, with: keys, at: now())
        let index = verified?["status"]?.object?["status_list"]?.object?["idx"]?.integer
        guard let verified, verified.sessionID.map({ !ended.contains($0) }) ?? true,
            index.map({ !revoked.contains(Int($0)) }) ?? true
        else { return Self.json(["active": false]) }
        var answer: JSONObject = ["active": true, "token_type": "Bearer"]
        for member in verified.claims.members { answer[member.name] = member.value }
        return Self.json(answer)
    }
}
