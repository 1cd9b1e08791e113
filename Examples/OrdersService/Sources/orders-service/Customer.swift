import SignetVerifier
import SignetVerifierHummingbird

/// Who makes a request, in this service's own words.
struct Customer: TokenIdentity {
    let id: String

    init(_ token: VerifiedToken) throws(VerificationError) {
        guard let subject = token.subject else {
            throw VerificationError(.missingClaim, "sub: an order belongs to somebody")
        }
        id = subject
    }
}
