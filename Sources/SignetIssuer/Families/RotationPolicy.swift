package import SignetStore

/// What a rotation goes by, beside the family and the time.
package struct RotationPolicy: Hashable, Sendable {
    /// How long the parent still yields its child, counted from when the family's record says that this was handed out. A
    /// parent presented exactly this long after it is too late.
    package let reuseWindow: Duration
    /// How long the next token lives unless it is used.
    package let idleLifetime: Duration
    /// The server secret that the next token's tag is made with.
    package let secretID: UInt8
    /// How long an access token lives.
    package let accessTokenLifetime: Duration
    /// Where the request comes from, at most 64 bytes.
    package let address: String

    package init(
        reuseWindow: Duration, idleLifetime: Duration, secretID: UInt8, accessTokenLifetime: Duration, address: String
    ) {
        self.reuseWindow = reuseWindow
        self.idleLifetime = idleLifetime
        self.secretID = secretID
        self.accessTokenLifetime = accessTokenLifetime
        self.address = address
    }

    /// When the last access token has expired that may be made because of a rotation at `now`: a replay makes one as late
    /// as at the end of the reuse window.
    package func tokensEnd(after now: Timestamp) -> Timestamp { now + reuseWindow + accessTokenLifetime }
}
