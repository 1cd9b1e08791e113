import Hummingbird
import SignetVerifier
import SignetVerifierHTTP
import SignetVerifierHummingbird

/// The caller of a request: what this service takes out of a token.
struct Customer: TokenIdentity {
    let id: String

    init(_ token: VerifiedToken) throws(VerificationError) {
        guard let subject = token.subject else {
            throw VerificationError(.missingClaim, "sub: an order belongs to somebody")
        }
        id = subject
    }
}

struct OrdersContext: BearerRequestContext {
    var coreContext: CoreRequestContextStorage
    var identity: Customer?

    init(source: ApplicationRequestContextSource) { coreContext = .init(source: source) }
}

func makeVerifier() throws -> Verifier {
    try Verifier(
        issuer: "https://issuer.example", audiences: ["https://orders.example"], fetcher: HTTPClientFetcher.shared)
}

func makeRouter(verifier: Verifier) -> Router<OrdersContext> {
    let router = Router(context: OrdersContext.self)
    router.get("health") { _, _ in "fine" }
    router.group("orders")
        .add(middleware: BearerMiddleware(verifier: verifier, scopes: ["orders:read"], realm: "orders"))
        .get { _, context in "Orders of \(try context.requireIdentity().id)" }
    return router
}

func serve() async throws {
    let verifier = try makeVerifier()
    try await verifier.warmUp()  // ends the start if another issuer answers, or none
    try await Application(router: makeRouter(verifier: verifier)).runService()
}
