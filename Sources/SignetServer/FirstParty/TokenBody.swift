import JOSE
import SignetIssuer

/// A token pair as the first-party API hands it out.
enum TokenBody {
    /// - Parameter delivery: a refresh token that travels in a cookie never stands in the body.
    static func pair(_ tokens: IssuedTokens, delivery: TokenDelivery) -> JSONObject {
        var body: JSONObject = [
            "accessToken": .string(tokens.accessToken), "tokenType": "Bearer", "expiresIn": .integer(tokens.expiresIn),
            "refreshExpiresIn": .integer(tokens.refreshExpiresIn),
        ]
        if delivery == .body { body["refreshToken"] = .string(tokens.refreshToken) }
        return body
    }
}
