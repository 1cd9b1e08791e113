import JOSE
import SharedState
public import SignetVerifier
import StatusList

extension TestIssuer {
    private static let statusCount = 65_536

    /// The URL of the status list.
    public var statusListURL: String { "\(issuer)/status-lists/0" }

    /// Revokes every token that was minted with this `statusIndex`, 0 to 65535.
    public func revoke(statusIndex: Int) {
        precondition((0..<Self.statusCount).contains(statusIndex), "statusIndex must be 0 to 65535")
        state.withLock { _ = $0.revokedStatuses.insert(statusIndex) }
    }

    /// Makes a source of this issuer's status list, for use in a `Verifier`.
    ///
    /// The source fetches the list again for every token, so a test sees ``revoke(statusIndex:)`` at once.
    public func statuses() throws -> StatusListSource {
        var configuration = StatusListConfiguration()
        configuration.minimumLifetime = .nanoseconds(1)
        return try StatusListSource(
            issuer: issuer, keys: self, fetcher: self, configuration: configuration, now: { .now }, date: now)
    }

    /// The status list as a signed token (draft-ietf-oauth-status-list, section 5.1).
    func statusListToken() throws -> String {
        var list = StatusList(count: Self.statusCount)
        for index in state.withLock({ $0.revokedStatuses }) { list[index] = true }
        let now = now().seconds
        let claims: JSONObject = [
            "iss": .string(issuer), "sub": .string(statusListURL), "iat": .integer(now), "exp": .integer(now + 3600),
            "ttl": 10,
            "status_list": .object(["bits": 1, "lst": .string(Base64URL.encode(try list.compressed()))]),
        ]
        let header: JSONObject = ["alg": "RS256", "typ": "statuslist+jwt", "kid": .string(keyID)]
        return try sign(header: header, payload: claims.serialized())
    }
}
