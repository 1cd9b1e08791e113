// snippet: imports
import Hummingbird
import SignetVerifier
import SignetVerifierHTTP
import SignetVerifierHummingbird

// end

// The Swift code of the documentation page GettingStarted.md. This test target compiles and runs it.

// snippet: identity
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
// end

// snippet: verifier
func makeVerifier() throws -> Verifier {
    try Verifier(
        issuer: "https://issuer.example", audiences: ["https://orders.example"], fetcher: HTTPClientFetcher.shared)
}
// end

// snippet: router
func makeRouter(verifier: Verifier) -> Router<OrdersContext> {
    let router = Router(context: OrdersContext.self)
    router.get("health") { _, _ in "fine" }
    router.group("orders")
        .add(middleware: BearerMiddleware(verifier: verifier, scopes: ["orders:read"], realm: "orders"))
        .get { _, context in "Orders of \(try context.requireIdentity().id)" }
    return router
}
// end

// snippet: main
func serve() async throws {
    let verifier = try makeVerifier()
    try await verifier.warmUp()  // ends the start if another issuer answers, or none
    try await Application(router: makeRouter(verifier: verifier)).runService()
}
// end

// snippet: claims
struct Membership: Decodable {
    let tenant: String
    let seats: Int
}

func membership(of token: VerifiedToken) throws -> Membership {
    try token.require(scopes: ["members:read"])  // insufficientScope, 403
    return try token.decode(as: Membership.self)
}

func tenant(of token: VerifiedToken) -> String? { token["tenant"]?.string }
// end
