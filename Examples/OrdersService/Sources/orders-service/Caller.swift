import Hummingbird
import SignetVerifier
import SignetVerifierHummingbird

/// The user or client that a verified access token identifies.
struct Caller: TokenIdentity {
    let id: String

    init(_ token: VerifiedToken) throws(VerificationError) {
        guard let subject = token.subject else {
            throw VerificationError(.missingClaim, "sub: expected the id of a user or client")
        }
        id = subject
    }
}

/// The context of a request. The middleware stores in it the caller whom the request's access token identifies.
struct OrdersContext: BearerRequestContext {
    var coreContext: CoreRequestContextStorage
    var identity: Caller?

    init(source: Source) { coreContext = CoreRequestContextStorage(source: source) }
}
