import HTTPFetching

/// A source of the issuer's public keys for a ``Verifier``.
public protocol KeySource: Sendable {
    /// Returns the current keys without waiting; `nil` if there are none that may be used.
    ///
    /// The verifier calls this method for every token, so the method must not wait or hop to an actor. It may start a
    /// refresh in the background.
    func keysAtHand() -> KeySet?

    /// Looks for newer keys. Called when ``keysAtHand()`` returned `nil` or no key with `keyID`.
    ///
    /// - Parameter keyID: The `kid` of a token that no current key has; `nil` if any key is acceptable. The token is
    ///   not verified yet, so an implementation must limit the work that unknown key IDs cause.
    /// - Returns: The newest keys, with or without `keyID`.
    /// - Throws: ``VerificationError`` with `keysUnavailable` if no keys can be loaded at the moment.
    func keys(for keyID: String?) async throws(VerificationError) -> KeySet

    /// Looks for keys other than `tried`. The verifier calls this for a token without `kid` that no key in `tried`
    /// signed.
    ///
    /// An implementation must limit the work that such tokens cause. The default implementation ignores `tried` and
    /// calls ``keys(for:)`` with `nil`.
    ///
    /// - Throws: ``VerificationError`` with `keysUnavailable` if no keys can be loaded at the moment.
    func keys(otherThan tried: KeySet) async throws(VerificationError) -> KeySet

    /// The state of the keys for an operator; `nil` if the source fetches nothing. The default is `nil`.
    var sourceState: SourceState? { get }
}

extension KeySource {
    /// The default implementation. It ignores `tried` and calls ``keys(for:)`` with `nil`.
    public func keys(otherThan tried: KeySet) async throws(VerificationError) -> KeySet { try await keys(for: nil) }

    public var sourceState: SourceState? { nil }
}

/// A key source with fixed keys.
public struct StaticKeySource: KeySource {
    private let keySet: KeySet

    /// Creates a source with these keys. If the set is empty, every token is refused with `unknownKey`.
    public init(_ keys: KeySet) { keySet = keys }

    /// Creates a source with the keys of a JWKS document.
    ///
    /// - Throws: ``ConfigurationError`` with `unusableKeys` if the document cannot be read or has no usable key.
    public init(jwks document: [UInt8]) throws(ConfigurationError) {
        let keys = try KeySet(jwks: document)
        guard !keys.isEmpty else {
            throw ConfigurationError(.unusableKeys, "JWKS: \(KeySet.reasonForNoKeys(in: document))")
        }
        keySet = keys
    }

    public func keysAtHand() -> KeySet? { keySet }

    public func keys(for keyID: String?) async throws(VerificationError) -> KeySet { keySet }
}

extension StaticKeySource: CustomReflectable {
    /// Shows only the IDs of the keys.
    public var customMirror: Mirror { Mirror(self, children: ["keys": keySet], displayStyle: .struct) }
}
