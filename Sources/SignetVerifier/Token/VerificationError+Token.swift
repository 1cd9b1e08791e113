extension VerificationError {
    /// Returns this error with the subject, session id, token id and client id of `token`, for the log line about the
    /// refusal. If the error already has these claims, returns it unchanged.
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
