import Hummingbird
import SignetVerifier
import SignetVerifierHummingbird

struct TokenContext: BearerRequestContext {
    var coreContext: CoreRequestContextStorage
    var identity: VerifiedToken?

    init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }
}

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
