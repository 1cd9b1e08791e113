import HTTPFetching
import JOSE

extension Introspection {
    /// What an answer of the endpoint means at `date`.
    ///
    /// Anything but a 200 with a strict JSON object whose `active` is a truth value is no answer, and neither is an
    /// active one whose `exp` is there and no number. One whose `exp` has been reached is inactive, whatever it says.
    static func reading(
        _ response: HTTPFetchResponse, at date: NumericDate
    ) -> Result<Introspection, VerificationError> {
        func unusable(_ reason: String) -> Result<Introspection, VerificationError> {
            .failure(VerificationError(.introspectionUnavailable, "introspection: \(reason)"))
        }
        switch response.status {
        case 200: break
        case 401, 403: return unusable("the endpoint refuses this client (status \(response.status))")
        default: return unusable("expected status 200, found \(response.status)")
        }
        do {
            let object = try JSONObject(parsing: response.body)
            guard let active = object["active"]?.bool else { return unusable("active: expected true or false") }
            guard active else { return .success(.inactive) }
            let token = IntrospectedToken(claims: object)
            guard object["exp"] == nil || token.expiresAt != nil else { return unusable("exp: expected a number") }
            if let expiresAt = token.expiresAt, expiresAt <= date { return .success(.inactive) }
            return .success(.active(token))
        } catch {
            return unusable("the answer cannot be read: \(error)")
        }
    }
}
