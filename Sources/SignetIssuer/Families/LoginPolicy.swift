import JOSE
import SignetStore

/// The audiences and the scope values that the operator allows in access tokens of logins through the issuer's own
/// `/api`. A login may always request the issuer's own audience and the scope `account`.
package struct LoginPolicy: Sendable {
    /// Maximum number of audiences of one login. The largest access token of a user then fits an HTTP header field of 8
    /// KiB.
    package static let maximumAudiences = 8

    /// The scope values that a login may request: `account`, then those that the operator added.
    package let scopes: [String]
    /// The issuer's own audience, as the list that the `aud` claim of most tokens has.
    private let ownAudience: [String]
    /// All audiences that a login may request. The issuer's own audience is the first.
    private let audiences: [String]

    /// Creates a policy from the operator's settings.
    /// - Parameters:
    ///   - ownAudience: the issuer's own audience.
    ///   - audiences: the audiences, beside the issuer's own, that a login may request.
    ///   - scopes: the scope values, beside `account`, that a login may request.
    init(ownAudience: String, audiences: [String] = [], scopes: [String] = []) {
        self.ownAudience = [ownAudience]
        self.audiences = [ownAudience] + audiences
        self.scopes = [FirstParty.scope] + scopes.filter { $0 != FirstParty.scope }
    }

    /// Checks the audiences that a login requests.
    /// - Returns: the audiences without duplicates, as the family (all refresh tokens of the login) stores them. The
    ///   list is empty if the login gets the issuer's own audience alone.
    /// - Throws: a ``FieldError`` for `audience`: `tooLong` for more than ``maximumAudiences``, or `invalidValue` if
    ///   one of them is not allowed.
    func checked(audiences names: [String]) throws(FieldError) -> [String] {
        guard names.count <= Self.maximumAudiences else {
            throw FieldError(
                field: "audience", code: .tooLong, message: "audience must have at most \(Self.maximumAudiences) values"
            )
        }
        let request = AudienceRequest(resources: [], audiences: names)
        guard let granted = try? request.granted(among: audiences, default: ownAudience) else {
            throw FieldError(
                field: "audience", code: .invalidValue, message: "audience must name audiences that a login may request"
            )
        }
        return granted == ownAudience ? [] : granted
    }

    /// Checks the scope that a login requests.
    /// - Parameter text: space-separated scope values. `nil` or an empty text means `account`.
    /// - Returns: the scope without duplicates, as the family (all refresh tokens of the login) stores it.
    /// - Throws: a ``FieldError`` for `scope` with `invalidValue` if the scope is malformed or not allowed.
    func checked(scope text: String?) throws(FieldError) -> String {
        guard let text, !text.isEmpty else { return FirstParty.scope }
        guard let scope = Scope(text), scope.values.allSatisfy(scopes.contains) else {
            throw FieldError(
                field: "scope", code: .invalidValue,
                message: "scope must be values that a login may request, separated by single spaces")
        }
        return scope.text
    }

    /// Returns the grant of a login from checked audiences and a checked scope.
    func grant(audiences: [String], scope: String) -> LoginGrant {
        LoginGrant(audiences: audiences.isEmpty ? ownAudience : audiences, scope: scope)
    }

    /// Returns the part of a login's grant that the operator still allows.
    ///
    /// If the family (all refresh tokens of the login) belongs to a registered client, the operator's settings for
    /// logins do not apply to it.
    /// - Returns: `nil` if no audience or no scope value of the grant is left.
    func grant(of family: FamilyRecord) -> LoginGrant? {
        let granted = grant(audiences: family.audiences, scope: family.scope)
        guard family.clientID == nil else { return granted }
        let names = family.audiences.isEmpty ? ownAudience : granted.audiences.filter(isAllowed)
        let scope = granted.scope == FirstParty.scope ? granted.scope : allowed(granted.scope)
        guard !names.isEmpty, !scope.isEmpty || granted.scope.isEmpty else { return nil }
        return LoginGrant(audiences: names, scope: scope)
    }

    private func isAllowed(_ audience: String) -> Bool { audiences.contains(where: audience.isExactly) }

    private func allowed(_ scope: String) -> String {
        scope.split(separator: " ").filter { value in scopes.contains { $0 == value } }.joined(separator: " ")
    }
}

/// The audiences and the scope of the access tokens that a user gets after a login.
struct LoginGrant: Hashable, Sendable {
    /// At least one audience.
    let audiences: [String]
    /// Space-separated scope values; empty for no scope.
    let scope: String

    /// Returns the part of this grant that a refresh request names. If the request names no audiences, the grant keeps
    /// all of them; if it names no scope, the grant keeps the whole scope.
    /// - Throws: `invalidScope` if the requested scope exceeds this grant; `invalidTarget` if the request names an
    ///   audience that this grant does not have, or a malformed resource.
    func narrowed(to scope: Scope?, for target: AudienceRequest) throws(IssuerError) -> LoginGrant {
        if let scope, !scope.isPart(of: self.scope) {
            throw IssuerError(.invalidScope, "scope: more than the login granted and the operator allows")
        }
        return LoginGrant(
            audiences: try target.granted(among: audiences, default: audiences), scope: scope?.text ?? self.scope)
    }
}
