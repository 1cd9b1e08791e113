import JOSE

/// Whom a token request wants its token for.
package struct AudienceRequest: Sendable, Hashable {
    /// The values of `resource` (RFC 8707 §2): absolute URIs.
    package let resources: [String]
    /// The values of `audience`, as RFC 8693 §2.1 names it: absolute URIs or plain names.
    package let audiences: [String]

    /// Whomever tokens are for when nobody says.
    package static let unspecified = AudienceRequest(resources: [], audiences: [])

    package init(resources: [String], audiences: [String]) {
        self.resources = resources
        self.audiences = audiences
    }

    /// The `aud` of the token: everything that was asked for, once each, resources first; the issuer's own audience when
    /// nothing was. Everything or nothing: who gets less than was asked for would not know.
    /// - Parameters:
    ///   - own: the issuer's own audience, which everybody may ask for.
    ///   - others: what may be asked for besides.
    /// - Returns: at least one.
    /// - Throws: `invalidTarget` when a resource is no absolute URI without fragment, or anything may not be asked for.
    func granted(own: String, others: [String] = []) throws(IssuerError) -> [String] {
        guard resources.allSatisfy(Audience.isURI) else {
            throw IssuerError(.invalidTarget, "resource: expected an absolute URI without fragment")
        }
        var granted: [String] = []
        for name in resources + audiences {
            guard own.isExactly(name) || others.contains(where: name.isExactly) else {
                throw IssuerError(.invalidTarget, "resource or audience: more than may be asked for")
            }
            if !granted.contains(where: name.isExactly) { granted.append(name) }
        }
        return granted.isEmpty ? [own] : granted
    }
}
