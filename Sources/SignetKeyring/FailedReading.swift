import LocalFiles
import SignetStore

/// A try to read the keyring that failed, and what is to be said until the next one: each may decrypt files, which keeps a
/// processor busy.
struct FailedReading {
    /// When nothing has changed meanwhile, the next try comes after so long.
    private static let pause = Duration.seconds(30)

    /// The version of `keyring.json` that was there; `nil` when there was none.
    let stamp: FileFingerprint?
    /// Whether files that are known were read as well.
    let rereads: Bool
    let error: KeyringError
    let time: Timestamp

    /// Whether another try at `now` would be too early for the version `stamp`.
    func holds(for stamp: FileFingerprint?, at now: Timestamp) -> Bool {
        stamp == self.stamp && time <= now && now < time + Self.pause
    }
}
