import HTTPFetching
import HTTPTypes
import JOSE
import SharedState
package import SignetIssuer
import SignetKeyring

// This folder holds the public documents that verifiers fetch: keys, metadata and status lists. Its endpoints require
// no credentials and change nothing.

/// The endpoints below `/.well-known`.
package struct DiscoveryEndpoints: Sendable {
    private let issuer: Issuer
    private let identifier: IssuerIdentifier
    private let keys = LastDocument()
    private let statusLists = LastDocuments()

    package init(issuer: Issuer, identifier: IssuerIdentifier) {
        self.issuer = issuer
        self.identifier = identifier
    }

    package var endpoints: [Endpoint] {
        let metadata = PublishedDocument(
            body: JSONValue.object(ServerMetadata.document(for: identifier, scopes: issuer.loginPolicy.scopes))
                .serialized(),
            contentType: "application/json", maxAge: 3600, entityTag: nil)
        let answer = Endpoint.Answer.published { metadata }
        var endpoints = [
            Endpoint(.get, IssuerPath.keySet, statuses: [200, 304], .published(keySet)),
            Endpoint(
                .get, "/.well-known/status-lists/{id}", statuses: [200, 304, 404, 503],
                .immediateOrSuspending(builtStatusList, statusList)),
            Endpoint(.get, "/.well-known/oauth-authorization-server", statuses: [200], answer),
            Endpoint(.get, "/.well-known/openid-configuration", statuses: [200], answer),
        ]
        if !identifier.path.isEmpty {
            // If the issuer has a path, for example `/id`, RFC 8414 section 3.1 puts the path at the end:
            // `/.well-known/openid-configuration/id`. The form with the path at the start,
            // `/id/.well-known/openid-configuration`, needs no endpoint, because the router removes the issuer's path
            // from the start of a request path.
            for name in ["oauth-authorization-server", "openid-configuration"] {
                endpoints.append(Endpoint(.get, "/.well-known/\(name)" + identifier.path, statuses: [200], answer))
            }
        }
        return endpoints
    }

    @Sendable
    private func keySet() -> PublishedDocument {
        let keys = issuer.publishedKeys
        return self.keys.document(entityTag: keys.entityTag, maxAge: keys.maxAge) {
            PublishedDocument(
                body: keys.body, contentType: PublishedKeys.mediaType, maxAge: keys.maxAge, entityTag: keys.entityTag)
        }
    }

    @Sendable
    private func builtStatusList(_ request: APIRequest) throws -> APIResponse? {
        guard let number = request.parameter.flatMap(Self.number) else { throw Problem.notFound }
        return issuer.builtStatusList(number).map { response(number, $0, to: request) }
    }

    @Sendable
    private func statusList(_ request: APIRequest) async throws -> APIResponse {
        guard let number = request.parameter.flatMap(Self.number), let list = try await issuer.statusList(number) else {
            throw Problem.notFound
        }
        return response(number, list, to: request)
    }

    private func response(_ number: Int, _ list: PublishedStatusList, to request: APIRequest) -> APIResponse {
        statusLists[number].document(entityTag: list.entityTag, maxAge: list.maxAge) {
            PublishedDocument(
                body: list.body, contentType: PublishedStatusList.mediaType, maxAge: list.maxAge,
                entityTag: list.entityTag)
        }.response(to: request)
    }

    /// Reads a number from 0 to 9999 in canonical form: no sign and no leading zeros.
    private static func number(_ text: Substring) -> Int? {
        guard text.utf8.count <= 4, let number = Int(text), String(number) == text else { return nil }
        return number
    }
}

/// Keeps the newest version of one public document. Until the document changes, all responses share one
/// ``PublishedDocument``, so that the HTTP server can reuse the encoded response.
private final class LastDocument: Sendable {
    private let last = Guarded<PublishedDocument?>(nil)

    /// Returns the stored document if it has the given entity tag and `max-age`. Otherwise calls `make`, stores the new
    /// document and returns it.
    func document(entityTag: String, maxAge: Int, _ make: () -> PublishedDocument) -> PublishedDocument {
        last.withLock { last in
            if let last, last.entityTag == entityTag, last.maxAge == maxAge { return last }
            let document = make()
            last = document
            return document
        }
    }
}

/// Keeps the newest version of each status list.
private final class LastDocuments: Sendable {
    private let documents = Guarded<[Int: LastDocument]>([:])

    /// Returns the ``LastDocument`` of the status list `number`, which is created if it is missing. Call this only for
    /// a status list that exists, because each ``LastDocument`` stays in memory until the process ends.
    subscript(_ number: Int) -> LastDocument {
        documents.withLock { documents in
            if let found = documents[number] { return found }
            let document = LastDocument()
            documents[number] = document
            return document
        }
    }
}

/// The issuer's metadata document (RFC 8414 section 2).
enum ServerMetadata {
    /// The metadata document of the issuer `identifier`. Every URL starts with the identifier as the operator wrote it.
    /// - Parameter scopes: the scope values that a login may request.
    static func document(for identifier: IssuerIdentifier, scopes: [String]) -> JSONObject {
        let issuer = identifier.text
        let methods: [JSONValue] = ["client_secret_basic", "client_secret_post"]
        return [
            "issuer": .string(issuer),
            "token_endpoint": .string(issuer + IssuerPath.token),
            "jwks_uri": .string(issuer + IssuerPath.keySet),
            "introspection_endpoint": .string(issuer + IssuerPath.introspection),
            "revocation_endpoint": .string(issuer + IssuerPath.revocation),
            "scopes_supported": .array(scopes.map { .string($0) }),
            "response_types_supported": [],
            "grant_types_supported": ["client_credentials", "refresh_token"],
            // `none` is listed because the token endpoint accepts refresh tokens of the first-party API without client
            // authentication.
            "token_endpoint_auth_methods_supported": .array(methods + ["none"]),
            "introspection_endpoint_auth_methods_supported": .array(methods),
            "introspection_signing_alg_values_supported": ["RS256"],
            "revocation_endpoint_auth_methods_supported": .array(methods),
        ]
    }
}
