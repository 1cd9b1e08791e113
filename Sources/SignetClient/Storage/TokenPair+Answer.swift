import JOSE

extension TokenPair {
    /// The pair in the issuer's response to a login or a refresh.
    ///
    /// The lifetimes are counted from `requestedAt`, the time before the request was sent. A token of the pair
    /// therefore never counts as valid after its expiry at the issuer.
    /// - Throws: `unexpectedAnswer` unless the response holds two tokens and two lifetimes of 0 … 10 years.
    init(_ answer: IssuerAnswer, requestedAt: NumericDate) throws(ClientError) {
        let lifetimes: ClosedRange<Int64> = 0...315_360_000
        guard let accessToken = answer.body?["accessToken"]?.string, !accessToken.isEmpty,
            let refreshToken = answer.body?["refreshToken"]?.string, !refreshToken.isEmpty,
            let expiresIn = answer.body?["expiresIn"]?.integer, lifetimes.contains(expiresIn),
            let refreshExpiresIn = answer.body?["refreshExpiresIn"]?.integer, lifetimes.contains(refreshExpiresIn)
        else {
            throw ClientError(.unexpectedAnswer, "the issuer's response (\(answer.summary)) holds no token pair")
        }
        self.init(
            accessToken: accessToken, refreshToken: refreshToken, issuedAt: requestedAt,
            expiresAt: requestedAt + .seconds(expiresIn), refreshExpiresAt: requestedAt + .seconds(refreshExpiresIn))
    }

    /// The lifetime of the access token. `seen` is the time at which this process first saw the pair.
    func lifetime(firstSeen seen: ClockReading) -> TokenLifetime {
        TokenLifetime(issuedAt: issuedAt, expiresAt: expiresAt, firstSeen: seen)
    }
}
