import JOSE
import RSAVerification
import SignetKeyring
import SignetStore
import StatusList

/// A signed status list, with the data that decides whether the next build can reuse the list.
struct StatusListBuild: Sendable {
    /// Maximum number of status list entries that one read of the store returns. Such a read takes a few milliseconds.
    private static let pageSize = 4096

    let list: PublishedStatusList
    /// When the build began to read the store. The list shows every session as revoked that was revoked before this
    /// time.
    let readAt: Timestamp
    private let signedAt: Timestamp
    private let compressed: [UInt8]
    private let signingKeyID: String

    /// Reads, compresses and signs a status list. Yields the thread between these steps, because each takes
    /// milliseconds of CPU time.
    ///
    /// The build returns the previous signed list again if the content has not changed, the key that signed the list is
    /// still active, and less than half of the list's lifetime is over.
    /// - Parameters:
    ///   - number: the number of an existing list.
    ///   - previous: the last build of this list; `nil` if this is the first.
    init(
        of number: Int, store: any Store, keyring: Keyring, location: StatusListLocation, policy: StatusListPolicy,
        previous: StatusListBuild?, at now: Timestamp
    ) async throws {
        var list = StatusList(count: StatusListIndex.entriesPerList)
        var last: Int?
        repeat {
            let page = try await store.revokedStatusListEntries(of: number, after: last, limit: Self.pageSize)
            for entry in page where now < entry.until { list[entry.offset] = true }
            last = page.count == Self.pageSize ? page.last?.offset : nil
            await Task.yield()
        } while last != nil
        let compressed = try list.compressed()
        await Task.yield()
        readAt = now
        self.compressed = compressed
        let key = try keyring.requireSigningKey(at: now)
        signingKeyID = key.keyID
        if let previous, previous.compressed == compressed, previous.signingKeyID == key.keyID,
            previous.signedAt <= now, now < previous.signedAt + policy.lifetime / 2
        {
            self.list = previous.list
            signedAt = previous.signedAt
            return
        }
        signedAt = now
        let claims: JSONObject = [
            "iss": .string(location.issuer),
            "sub": .string(location.url(of: number)),
            "iat": .integer(now.seconds),
            "exp": .integer((now + policy.lifetime).seconds),
            "ttl": .integer(Int64(policy.maxAge)),
            "status_list": .object(["bits": .integer(1), "lst": .string(Base64URL.encode(compressed))]),
        ]
        self.list = PublishedStatusList(
            token: try key.signedToken(with: claims, type: "statuslist+jwt"), maxAge: policy.maxAge)
    }
}

/// A status list as verifiers fetch it: a signed JWT (draft-ietf-oauth-status-list, section 5.1).
package struct PublishedStatusList: Sendable, Hashable {
    /// The media type of ``body``.
    package static let mediaType = "application/statuslist+jwt"

    /// The bytes of the JWT.
    package let body: [UInt8]
    /// Strong entity tag of ``body``, quotes included (RFC 9110 §8.8.3).
    package let entityTag: String
    /// Seconds for which a verifier may use the list without fetching it again.
    package let maxAge: Int

    init(token: String, maxAge: Int) {
        body = Array(token.utf8)
        entityTag = "\"\(Base64URL.encode(SHA256.digest(body).prefix(16)))\""
        self.maxAge = maxAge
    }
}

/// The URLs of an issuer's status lists.
struct StatusListLocation: Sendable {
    /// The path of the status lists. A list's URL is the issuer identifier, this path and the list's number.
    static let path = "/.well-known/status-lists/"

    let issuer: String

    /// The URL of a status list: the `uri` in the `status` claim of tokens, and the `sub` of the list.
    func url(of list: Int) -> String { "\(issuer)\(Self.path)\(list)" }

    /// The `status` claim of a token (draft-ietf-oauth-status-list, section 6.2).
    func reference(to index: StatusListIndex) -> JSONValue {
        .object([
            "status_list": .object([
                "idx": .integer(Int64(index.offset)), "uri": .string(url(of: index.list)),
            ])
        ])
    }
}
