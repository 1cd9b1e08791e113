import Hummingbird
import SignetVerifier
import SignetVerifierHummingbird

/// The caller of a request, in the terms of this service.
struct Customer: TokenIdentity {
    let id: String

    init(_ token: VerifiedToken) throws(VerificationError) {
        guard let subject = token.subject else {
            throw VerificationError(.missingClaim, "sub: expected the id of a customer")
        }
        id = subject
    }
}

/// A request, with the customer that the middleware found in its token.
struct OrdersContext: BearerRequestContext {
    var coreContext: CoreRequestContextStorage
    var identity: Customer?

    init(source: Source) { coreContext = CoreRequestContextStorage(source: source) }
}
