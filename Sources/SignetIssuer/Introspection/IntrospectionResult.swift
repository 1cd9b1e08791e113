package import JOSE

/// What the issuer says about a token (RFC 7662 §2.2).
package enum IntrospectionResult: Sendable, Hashable {
    /// Not a token, not ours, expired, revoked, or of somebody who may use it no more: the answer never tells which.
    case inactive
    /// All members but `active`. No personal data.
    case active(JSONObject)

    /// The whole answer, ready to be written.
    package var json: JSONObject {
        switch self {
        case .inactive:
            return ["active": false]
        case .active(let claims):
            var answer: JSONObject = ["active": true]
            for member in claims.members { answer[member.name] = member.value }
            return answer
        }
    }
}
