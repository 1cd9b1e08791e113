// snippet: imports
import Hummingbird
import HummingbirdTesting
import SignetTesting
import SignetVerifier
import SignetVerifierHummingbird
import Testing

// end

// The Swift code of the documentation page SignetVerifierHummingbird.md. This test target compiles and runs it.

// snippet: token context
struct TokenContext: BearerRequestContext {
    var coreContext: CoreRequestContextStorage
    var identity: VerifiedToken?

    init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }
}
// end

// snippet: scopes
func makeScopedRouter(verifier: Verifier) -> Router<TokenContext> {
    let router = Router(context: TokenContext.self)
    let orders = router.group("orders").add(middleware: BearerMiddleware(verifier: verifier, realm: "orders"))
    orders.get { _, context in "Orders of \(try context.requireIdentity().subject ?? "nobody")" }
    orders.group("refunds").add(middleware: RequireScopes(["refunds:write"]))
        .post { _, _ in HTTPResponse.Status.noContent }
    orders.delete(":year") { _, context in
        try context.require(scopes: ["orders:\(try context.parameters.require("year")):delete"])
        return HTTPResponse.Status.noContent
    }
    return router
}
// end

// snippet: cookie
func pageMiddleware(verifier: Verifier) -> BearerMiddleware<TokenContext> {
    BearerMiddleware(verifier: verifier, realm: "shop", cookieName: "__Host-access")
}
// end

extension SignetTestingArticle {
    // snippet: route
    @Test func `an order list needs a token`() async throws {
        let issuer = try TestIssuer()
        let router = makeScopedRouter(verifier: try issuer.verifier())
        let authorization = "Bearer \(try issuer.token(subject: "ada"))"
        try await Application(router: router).test(.router) { client in
            try await client.execute(uri: "/orders", method: .get) { #expect($0.status == .unauthorized) }
            try await client.execute(uri: "/orders", method: .get, headers: [.authorization: authorization]) {
                #expect(String(buffer: $0.body) == "Orders of ada")
            }
        }
    }
    // end
}
