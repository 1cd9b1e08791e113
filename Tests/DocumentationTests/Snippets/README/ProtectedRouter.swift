import Hummingbird
import SignetVerifier
import SignetVerifierHTTP
import SignetVerifierHummingbird

struct Caller: TokenIdentity {
    let id: String

    init(_ token: VerifiedToken) throws(VerificationError) {
        guard let subject = token.subject else { throw VerificationError(.missingClaim, "sub: whose orders?") }
        id = subject
    }
}

struct Context: BearerRequestContext {
    var coreContext: CoreRequestContextStorage
    var identity: Caller?
    init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }
}

func protectedRouter(issuer: String, audience: String) throws -> Router<Context> {
    let verifier = try Verifier(issuer: issuer, audiences: [audience], fetcher: HTTPClientFetcher.shared)
    let router = Router(context: Context.self)
    router.group("orders")
        .add(middleware: BearerMiddleware(verifier: verifier, scopes: ["orders:read"]))
        .get { _, context in "Orders of \(try context.requireIdentity().id)" }
    return router
}
