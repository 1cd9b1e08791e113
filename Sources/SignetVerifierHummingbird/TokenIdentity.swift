public import SignetVerifier

/// Who makes a request, as a service sees it: made from a token that has been checked.
public protocol TokenIdentity: Sendable {
    /// Takes out of the token what the service needs.
    ///
    /// - Throws: `VerificationError` when the token lacks it; the request is answered with that error's challenge.
    init(_ token: VerifiedToken) throws(VerificationError)
}

/// The token itself, for services that need no type of their own.
extension VerifiedToken: TokenIdentity {
    public init(_ token: VerifiedToken) { self = token }
}
