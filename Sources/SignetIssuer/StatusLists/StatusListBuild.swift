import JOSE
import SignetStore
import StatusList

/// One status list, as it was made at one moment.
struct StatusListBuild: Sendable {
    /// Entries that are read from the store at once: some milliseconds.
    private static let pageSize = 4096

    let list: PublishedStatusList
    /// When the reading began: whatever was revoked before is in the list.
    let readAt: Timestamp
    private let signedAt: Timestamp
    private let compressed: [UInt8]
    /// The key that signed it: once another key signs, so does that one here, before the former one is published no more.
    private let signer: String

    /// Reads, compresses and signs list `number`.
    ///
    /// Between two pages and after the compression others get their turn.
    /// - Parameter former: the last build; while its list says the same and is young enough, it stays the list.
    init(
        of number: Int, store: any Store, keyring: Keyring, location: StatusListLocation, policy: StatusListPolicy,
        former: StatusListBuild?, at now: Timestamp
    ) async throws {
        var list = StatusList(count: StatusListIndex.entriesPerList)
        var last: Int?
        repeat {
            let page = try store.read { reader in
                try reader.revokedStatusListEntries(of: number, after: last, limit: Self.pageSize)
            }
            for entry in page where now < entry.until { list[entry.offset] = true }
            last = page.count == Self.pageSize ? page.last?.offset : nil
            await Task.yield()
        } while last != nil
        let compressed = try list.compressed()
        await Task.yield()
        readAt = now
        self.compressed = compressed
        let key = try keyring.signingKey(at: now)
        signer = key.kid
        if let former, former.compressed == compressed, former.signer == key.kid, former.signedAt <= now,
            now < former.signedAt + policy.life / 2
        {
            self.list = former.list
            signedAt = former.signedAt
            return
        }
        signedAt = now
        let claims: JSONObject = [
            "iss": .string(location.issuer),
            "sub": .string(location.url(of: number)),
            "iat": .integer(now.seconds),
            "exp": .integer((now + policy.life).seconds),
            "ttl": .integer(Int64(policy.maxAge)),
            "status_list": .object(["bits": .integer(1), "lst": .string(Base64URL.encode(compressed))]),
        ]
        self.list = PublishedStatusList(
            token: try key.token(with: claims, type: "statuslist+jwt"), maxAge: policy.maxAge)
    }
}
