import JOSE
import SignetIssuer

/// A token pair as the first-party API hands it out.
enum TokenBody {
    static func pair(_ tokens: TokenPair) -> JSONObject {
        [
            "accessToken": .string(tokens.accessToken), "refreshToken": .string(tokens.refreshToken),
            "tokenType": "Bearer", "expiresIn": .integer(tokens.expiresIn),
            "refreshExpiresIn": .integer(tokens.refreshExpiresIn),
        ]
    }
}
