import RSAVerification
import SignetStore

/// The keys of a span of time: the one that signs, those that are published, and the secrets behind refresh tokens.
final class KeyPublication: Sendable {
    /// While the time is in here, all of this holds.
    let span: Range<Timestamp>
    let signing: SigningKey?
    let published: PublishedKeys
    let refreshSecrets: RefreshSecrets
    /// The kids of the published keys.
    private let kids: [String]

    /// - Parameter last: another span of the same snapshot, whose published keys are not rendered again if they are the
    ///   same: a key that begins to sign changes nothing in them.
    init(of snapshot: KeyringSnapshot, at now: Timestamp, after last: KeyPublication? = nil) {
        let document = snapshot.document
        span = document.span(at: now)
        signing = snapshot.signingKey(at: now)
        refreshSecrets = snapshot.refreshSecrets(at: now)
        let records = document.publishedKeys(at: now)
        kids = records.map(\.kid)
        if let last, last.kids == kids {
            published = last.published
            return
        }
        published = PublishedKeys(
            jwks: records.map(\.jwk),
            keys: records.compactMap { record in
                snapshot.overview.publicKeys[record.kid].map { (keyID: record.kid, publicKey: $0) }
            },
            maxAge: Int(document.publicationMaxAge.components.seconds))
    }
}
