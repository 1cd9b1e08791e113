/// What a rotation goes by, beside the family and the time.
package struct RotationTerms: Hashable, Sendable {
    /// How long the parent still yields its child. A parent presented exactly this long after the rotation is too late.
    package let reuseWindow: Duration
    /// How long the next token lives unless it is used.
    package let idleLifetime: Duration
    /// The server secret that the next token's tag is made with.
    package let secretID: UInt8
    /// Where the request comes from, at most 64 bytes.
    package let address: String

    package init(reuseWindow: Duration, idleLifetime: Duration, secretID: UInt8, address: String) {
        self.reuseWindow = reuseWindow
        self.idleLifetime = idleLifetime
        self.secretID = secretID
        self.address = address
    }
}
