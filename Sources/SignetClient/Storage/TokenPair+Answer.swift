import HTTPFetching
import JOSE

extension TokenPair {
    /// The pair in an answer of the issuer's login or refresh.
    ///
    /// Lifetimes count from before the request was sent: the pair may end earlier than that, never later.
    /// - Throws: `unexpectedAnswer` for an answer without two tokens and two lifetimes of 0 … 10 years.
    init(_ answer: IssuerAnswer, askedAt: NumericDate) throws(ClientError) {
        let lifetimes: ClosedRange<Int64> = 0...315_360_000
        guard let accessToken = answer.body?["accessToken"]?.string, !accessToken.isEmpty,
            let refreshToken = answer.body?["refreshToken"]?.string, !refreshToken.isEmpty,
            let expiresIn = answer.body?["expiresIn"]?.integer, lifetimes.contains(expiresIn),
            let refreshExpiresIn = answer.body?["refreshExpiresIn"]?.integer, lifetimes.contains(refreshExpiresIn)
        else {
            throw ClientError(.unexpectedAnswer, "the issuer's answer (\(answer.summary)) holds no token pair")
        }
        self.init(
            accessToken: accessToken, refreshToken: refreshToken, issuedAt: askedAt,
            expiresAt: askedAt + .seconds(expiresIn), refreshExpiresAt: askedAt + .seconds(refreshExpiresIn))
    }
}
