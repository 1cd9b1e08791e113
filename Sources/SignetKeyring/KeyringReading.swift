/// What could be read of a keyring.
struct KeyringReading {
    /// Holds the keys and secrets that could be read; its stamp is `nil` unless all of them could.
    let snapshot: KeyringSnapshot
    /// Why which keys could not, by kid.
    let keyFaults: [String: KeyringError]
    /// Why a key or secret could not; `nil` when all could.
    let fault: KeyringError?
}
