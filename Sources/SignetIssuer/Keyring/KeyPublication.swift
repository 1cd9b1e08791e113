import SignetStore
import SignetVerifier

/// The published keys of a span of time, rendered for verifiers and prepared for ourselves.
struct KeyPublication: Sendable {
    /// While the time is in here, the same keys are published.
    let span: Range<Timestamp>
    let published: PublishedKeys
    let verification: KeySet

    init(of document: KeyringDocument, at now: Timestamp) {
        span = document.publicationSpan(at: now)
        published = PublishedKeys(
            keys: document.publishedKeys(at: now).map(\.jwk), maxAge: Keyring.publicationMaxAge)
        verification = KeySet(published.body)
    }
}
