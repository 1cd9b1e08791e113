import HTTPFetching

/// A source of the issuer's public keys for a ``Verifier``.
public protocol KeySource: Sendable {
    /// Returns the current keys without waiting; `nil` if the source has no keys that may be used.
    ///
    /// The verifier calls this method for every token, so the method must not wait or hop to an actor. It may start a
    /// refresh in the background.
    func keysAtHand() -> KeySet?

    /// Looks for newer keys. The verifier calls this method if ``keysAtHand()`` returned `nil`, or no key with `keyID`.
    ///
    /// - Parameter keyID: The `kid` of a token; no current key has it. `nil` if any key is acceptable. The token is not
    ///   verified yet, so an implementation must limit the work that unknown key IDs cause.
    /// - Returns: The newest keys, even if none of them has `keyID`.
    /// - Throws: ``VerificationError`` with `keysUnavailable` if no keys can be loaded at the moment.
    func keys(for keyID: String?) async throws(VerificationError) -> KeySet

    /// Looks for keys other than `tried`. The verifier calls this method if a token has no `kid` and no key in `tried`
    /// signed it.
    ///
    /// An implementation must limit the work that such tokens cause. The default implementation ignores `tried` and
    /// calls ``keys(for:)`` with `nil`.
    ///
    /// - Throws: ``VerificationError`` with `keysUnavailable` if no keys can be loaded at the moment.
    func keys(otherThan tried: KeySet) async throws(VerificationError) -> KeySet

    /// The state of the keys, for an operator. `nil`, the default, suits a source whose keys never change.
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

    /// Creates a source that always returns `keys`. If `keys` is empty, the verifier refuses every token with
    /// `unknownKey`.
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
