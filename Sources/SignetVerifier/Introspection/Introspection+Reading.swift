import JOSE

extension Introspection {
    /// What an answer of the endpoint means. Anything but a 200 with a strict JSON object whose `active` is a truth
    /// value is no answer.
    static func reading(_ response: HTTPFetchResponse) -> Result<Introspection, VerificationError> {
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
            return .success(active ? .active(IntrospectedToken(claims: object)) : .inactive)
        } catch {
            return unusable("the answer cannot be read: \(error)")
        }
    }
}
