import HTTPFetching

/// Keys that are known beforehand and never change.
public struct StaticKeySource: KeySource {
    private let keySet: KeySet

    /// These keys; a set without any refuses every token with `unknownKey`.
    public init(_ keys: KeySet) { keySet = keys }

    /// The keys of a JWKS document.
    ///
    /// - Throws: ``ConfigurationError`` with `unusableKeys` when the document cannot be read or holds no usable key.
    public init(jwks document: [UInt8]) throws(ConfigurationError) {
        let keys = try KeySet(jwks: document)
        guard !keys.isEmpty else { throw ConfigurationError(.unusableKeys, "the JWKS document holds no usable key") }
        keySet = keys
    }

    public func keysAtHand() -> KeySet? { keySet }

    public func keys(for keyID: String?) async throws(VerificationError) -> KeySet { keySet }
}
