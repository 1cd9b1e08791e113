import HTTPTypes
import Hummingbird
import JOSE
import SignetIssuer

/// What anybody may fetch to learn how to trust this issuer: its public keys and its metadata.
struct DiscoveryRoutes: Sendable {
    let issuer: Issuer
    let identifier: IssuerIdentifier

    init(issuer: Issuer, identifier: IssuerIdentifier) {
        self.issuer = issuer
        self.identifier = identifier
    }

    var routes: [Route] {
        let metadata = ServerMetadata.document(for: identifier)
        let answer: Route.Handler = { _, _ in
            .json(
                metadata,
                headers: [.cacheControl: "public, max-age=3600", .accessControlAllowOrigin: "*"])
        }
        var routes = [
            Route(.get, "/.well-known/jwks.json", statuses: [200, 304], handler: keys),
            Route(.get, "/.well-known/oauth-authorization-server", statuses: [200], handler: answer),
            Route(.get, "/.well-known/openid-configuration", statuses: [200], handler: answer),
        ]
        if !identifier.path.isEmpty {
            // RFC 8414 section 3.1 puts the path of the issuer behind the well-known part; see IssuerPath for all others.
            for name in ["oauth-authorization-server", "openid-configuration"] {
                routes.append(
                    Route(.get, "/.well-known/\(name)" + identifier.path, statuses: [200], handler: answer))
            }
        }
        return routes
    }

    @Sendable
    private func keys(_ request: Request, _ context: APIRequestContext) async throws -> Response {
        let published = issuer.publishedKeys
        let headers: HTTPFields = [
            .cacheControl: "public, max-age=\(published.maxAge)", .eTag: published.entityTag,
            .accessControlAllowOrigin: "*",
        ]
        guard !EntityTag.isPresent(published.entityTag, in: request.headers[values: .ifNoneMatch]) else {
            return Response(status: .notModified, headers: headers)
        }
        var all = headers
        all[.contentType] = "application/jwk-set+json"
        return Response(
            status: .ok, headers: all, body: ResponseBody(byteBuffer: ByteBuffer(bytes: published.body)))
    }
}
