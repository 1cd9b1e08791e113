extension VerificationError {
    /// The same error with the claims that identify `token`, whose signature is valid. Claims that the error already has
    /// stay.
    package func about(_ token: VerifiedToken) -> VerificationError { about(token.contents) }

    func about(_ contents: TokenContents) -> VerificationError {
        guard token == nil else { return self }
        var error = self
        error.token = RefusedToken(
            subject: contents.subject.map(contents.string), sessionID: contents.sessionID.map(contents.string),
            tokenID: contents.tokenID.map(contents.string), clientID: contents.clientID.map(contents.string))
        return error
    }
}
