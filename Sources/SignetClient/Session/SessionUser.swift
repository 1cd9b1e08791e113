import JOSE

/// The user who logged in, as the issuer knows them.
public struct SessionUser: Sendable, Hashable {
    /// The user's id: `sub` of the access tokens.
    public let id: String
    /// The user's name.
    public let name: String
    /// The user's e-mail address as the issuer stores it.
    public let email: String

    /// Creates a user, for tests.
    public init(id: String, name: String, email: String) {
        self.id = id
        self.name = name
        self.email = email
    }

    /// Reads the user from the issuer's response to a login.
    ///
    /// - Throws: `unexpectedAnswer` if the response's `user` lacks one of the strings `_id`, `name` and `email`.
    init(_ answer: IssuerAnswer) throws(ClientError) {
        guard let user = answer.body?["user"]?.object, let id = user["_id"]?.string, !id.isEmpty,
            let name = user["name"]?.string, let email = user["email"]?.string
        else { throw ClientError(.unexpectedAnswer, "the issuer's response (\(answer.summary)) holds no user") }
        self.init(id: id, name: name, email: email)
    }
}
