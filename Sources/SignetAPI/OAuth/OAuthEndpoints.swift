import HTTPFetching
import HTTPTypes
import JOSE
import SignetIssuer
import SignetStore

// This folder holds the endpoints below `/oauth2` and client authentication. Its code uses neither cookies nor `/api`.

/// The token (RFC 6749), introspection (RFC 7662) and revocation (RFC 7009) endpoints.
struct OAuthEndpoints: Sendable {
    let issuer: Issuer

    var endpoints: [Endpoint] {
        [
            Endpoint(
                .post, IssuerPath.token, statuses: [200, 400, 401, 413, 415, 503], errors: .oauth, .suspending(token)),
            Endpoint(
                .post, IssuerPath.introspection, statuses: [200, 400, 401, 403, 413, 415, 503], errors: .oauth,
                .inquiring(introspect)),
            Endpoint(
                .post, IssuerPath.revocation, statuses: [200, 400, 401, 413, 415, 503], errors: .oauth,
                .suspending(revoke)),
        ]
    }

    @Sendable
    private func token(_ request: APIRequest) async throws -> APIResponse {
        let form = try request.form(repeatable: ["resource", "audience"])
        let target = AudienceRequest(resources: form.all("resource"), audiences: form.all("audience"))
        switch form["grant_type"] {
        case "client_credentials":
            let client = try await authenticate(request, form)
            guard client.mayUseClientCredentials else {
                throw OAuthError(
                    status: .badRequest, code: "unauthorized_client",
                    message: "The client may not use this grant type.")
            }
            let grant = try issuer.clientCredentials(client: client, scope: form["scope"], for: target)
            return Self.tokens(grant.accessToken, expiresIn: grant.expiresIn, scope: grant.scope)
        case "refresh_token":
            guard let token = form["refresh_token"] else {
                throw OAuthError.invalidRequest("refresh_token is missing.")
            }
            // The issuer's own app (`FirstParty`) is a client without a secret, so it refreshes its tokens without
            // client authentication. A request that names another client must authenticate as that client.
            let isAnonymous =
                request.fields[.authorization] == nil && form["client_secret"] == nil
                && (form["client_id"] ?? FirstParty.clientID) == FirstParty.clientID
            let client = isAnonymous ? nil : try await authenticate(request, form)
            let tokens = try await issuer.refresh(
                token, scope: form["scope"], for: target, by: client, from: request.source)
            return Self.tokens(
                tokens.accessToken, expiresIn: tokens.expiresIn, refreshToken: tokens.refreshToken,
                scope: tokens.scope)
        case nil:
            throw OAuthError.invalidRequest("grant_type is missing.")
        default:
            throw OAuthError(
                status: .badRequest, code: "unsupported_grant_type",
                message: "grant_type must be client_credentials or refresh_token.")
        }
    }

    /// A token response (RFC 6749 section 5.1). It omits `scope` if the scope is empty, because RFC 6749 does not allow
    /// an empty `scope`.
    private static func tokens(
        _ accessToken: String, expiresIn: Int64, refreshToken: String? = nil, scope: String
    ) -> APIResponse {
        var body: JSONObject = [
            "access_token": .string(accessToken), "token_type": "Bearer", "expires_in": .integer(expiresIn),
        ]
        body["refresh_token"] = refreshToken.map { .string($0) }
        body["scope"] = scope.isEmpty ? nil : .string(scope)
        return .json(body, fields: [.cacheControl: "no-store", .pragma: "no-cache"])
    }

    @Sendable
    private func introspect(_ request: APIRequest) throws -> Inquiry<APIResponse> {
        let form = try request.form()
        let credentials = try ClientCredentials(fields: request.fields, form: form)
        guard let token = form["token"] else {
            return authentication(with: credentials, request).map { _ in
                throw OAuthError.invalidRequest("token is missing.")
            }
        }
        return issuer.introspectionInquiry(
            of: token, clientID: credentials.clientID, secret: credentials.secret, from: request.source
        ).mapResult { answer in
            let (introspection, client) = try Self.checked(answer, credentials)
            guard SignedIntrospection.isWanted(by: request.fields[values: .accept]) else {
                return .json(introspection.body)
            }
            let signed = try issuer.signed(introspection, for: client)
            return .json(Array(signed.utf8), contentType: SignedIntrospection.mediaType)
        }
    }

    @Sendable
    private func revoke(_ request: APIRequest) async throws -> APIResponse {
        let form = try request.form()
        let client = try await authenticate(request, form)
        guard let token = form["token"] else { throw OAuthError.invalidRequest("token is missing.") }
        do {
            try await issuer.revoke(token, by: client, from: request.source)
        } catch let error as IssuerError where error.code == .insufficientPermission {
            throw OAuthError(
                status: .badRequest, code: "unauthorized_client", message: "The token was issued to another client.")
        }
        return APIResponse(status: .ok, fields: [.cacheControl: "no-store"])
    }

    /// Authenticates the client with the id and secret in the header or the form.
    /// - Throws: ``OAuthError`` `invalid_client` if the id or secret is missing or wrong; `invalid_request` if the
    ///   request has two sets of credentials.
    private func authenticate(
        _ request: APIRequest, _ form: FormParameters
    ) async throws -> Client {
        let credentials = try ClientCredentials(fields: request.fields, form: form)
        return try await authentication(with: credentials, request).answer()
    }

    private func authentication(with credentials: ClientCredentials, _ request: APIRequest) -> Inquiry<Client> {
        issuer.authenticationInquiry(
            clientID: credentials.clientID, secret: credentials.secret, from: request.source
        ).mapResult { try Self.checked($0, credentials) }
    }

    /// Returns the result of an operation that authenticated a client.
    /// - Throws: ``OAuthError`` `invalid_client` if the operation threw ``IssuerError`` `invalidClient`; any other error
    ///   of the operation.
    private static func checked<Answer>(
        _ result: Result<Answer, any Error>, _ credentials: ClientCredentials
    ) throws -> Answer {
        do {
            return try result.get()
        } catch let error as IssuerError where error.code == .invalidClient {
            throw OAuthError.invalidClient(usedHeader: credentials.usedHeader)
        }
    }
}
