package import SignetStore

extension Administration {
    /// Maximum number of scope values of one client.
    package static let maximumScopes = 64

    /// Maximum number of audiences of one client. Even a token for 16 audiences with the longest scope fits an HTTP
    /// header field of 8 KiB.
    package static let maximumAudiences = 16

    /// Registers a client.
    /// - Parameters:
    ///   - scopes: the scope values that the client may request, at most 64.
    ///   - audiences: the audiences, beside the issuer's own, that the client may request tokens for and whose tokens
    ///     it may introspect. At most 16 plain names or absolute URIs without fragment, of at most 255 bytes each.
    /// - Returns: the client and its secret. The secret cannot be read again later, because the store has only its
    ///   hash.
    /// - Throws: `invalidInput` with all invalid fields (`name`, `scope`, `audience`).
    package func createClient(
        name: String, scopes: [String] = [], audiences: [String] = [], mayIntrospect: Bool = true,
        mayUseClientCredentials: Bool = true
    ) async throws -> (client: Client, secret: String) {
        var faults = FieldFaults()
        let displayName = faults.value { () throws(FieldError) in try DisplayName(name) }
        let checked = faults.value { () throws(FieldError) in try Self.checked(scopes) }
        let names = faults.value { () throws(FieldError) in try Self.checked(audiences: audiences) }
        guard let displayName, let checked, let names else { throw faults.error }
        let secret = ClientSecret.random()
        let client = ClientRecord(
            id: .random(), name: displayName.text, secretHash: ClientSecret.hash(secret), scopes: checked,
            audiences: names, mayIntrospect: mayIntrospect, mayUseClientCredentials: mayUseClientCredentials,
            createdAt: now())
        let event = AuditEvent(.clientCreated, by: .operator, object: client.id.description)
        try await IssuerError.translating {
            try await store.write([.insertClient(client), audit.change(for: event)])
        }
        return (Client(client), secret)
    }

    /// A page of clients in ascending order of id.
    /// - Parameter cursor: the last id of the previous page; `nil` for the first page.
    package func clients(after cursor: ClientID? = nil, limit: Int) async throws -> [Client] {
        try await IssuerError.translating { try await store.clients(after: cursor, limit: limit) }.map(Client.init)
    }

    /// Deletes a client. The client's secret is then refused, and the tokens that it got for itself introspect as
    /// inactive.
    /// - Throws: `clientNotFound` if no client has this id.
    package func deleteClient(_ id: String) async throws {
        let unknown = IssuerError(.clientNotFound, "no client has this id")
        guard let id = ClientID(id) else { throw unknown }
        try await IssuerError.translating {
            try await store.write(loading: StoreLookup(client: id)) { [audit] loaded in
                guard loaded.client != nil else { throw unknown }
                let event = AuditEvent(.clientDeleted, by: .operator, object: id.description)
                return StoreDecision([.deleteClient(id), audit.change(for: event)])
            }
        }
    }

    private static func checked(_ scopes: [String]) throws(FieldError) -> [String] {
        let distinct = Array(Set(scopes)).sorted()
        guard distinct.count <= maximumScopes, distinct.joined(separator: " ").utf8.count <= Scope.maximumLength else {
            throw FieldError(
                field: "scope", code: .tooLong,
                message: "At most \(maximumScopes) scope values, \(Scope.maximumLength) characters in all")
        }
        guard distinct.allSatisfy(Scope.isValue) else {
            throw FieldError(
                field: "scope", code: .forbiddenCharacter,
                message: "A scope value is printable ASCII without spaces and quotes")
        }
        return distinct
    }

    private static func checked(audiences: [String]) throws(FieldError) -> [String] {
        guard audiences.allSatisfy(Audience.isName) else {
            throw FieldError(
                field: "audience", code: .invalidValue,
                message:
                    "An audience is a name or an absolute URI without fragment, of URI characters only, with at most "
                    + "\(Audience.maximumLength) of them")
        }
        let distinct = Array(Set(audiences)).sorted()
        guard distinct.count <= maximumAudiences else {
            throw FieldError(field: "audience", code: .tooLong, message: "At most \(maximumAudiences) audiences")
        }
        return distinct
    }
}
