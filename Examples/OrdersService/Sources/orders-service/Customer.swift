import Hummingbird
import SignetVerifier
import SignetVerifierHummingbird

/// The customer that a verified access token identifies.
struct Customer: TokenIdentity {
    let id: String

    init(_ token: VerifiedToken) throws(VerificationError) {
        guard let subject = token.subject else {
            throw VerificationError(.missingClaim, "sub: expected the id of a customer")
        }
        id = subject
    }
}

/// The context of a request. The middleware stores in it the customer whom the request's access token identifies.
struct OrdersContext: BearerRequestContext {
    var coreContext: CoreRequestContextStorage
    var identity: Customer?

    init(source: Source) { coreContext = CoreRequestContextStorage(source: source) }
}
