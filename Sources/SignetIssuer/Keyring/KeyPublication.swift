import RSAVerification
import SignetStore
import SignetVerifier

/// The published keys of a span of time, rendered for verifiers and prepared for ourselves.
struct KeyPublication: Sendable {
    /// While the time is in here, the same keys are published.
    let span: Range<Timestamp>
    let published: PublishedKeys
    let verification: KeySet

    /// - Parameter publicKeys: by kid, those of all keys that the document names.
    init(of document: KeyringDocument, publicKeys: [String: RSAPublicKey], at now: Timestamp) {
        span = document.publicationSpan(at: now)
        let records = document.publishedKeys(at: now)
        published = PublishedKeys(keys: records.map(\.jwk), maxAge: Keyring.publicationMaxAge)
        verification = KeySet(
            records.compactMap { record in publicKeys[record.kid].map { (keyID: record.kid, publicKey: $0) } })
    }
}
