/// Why a write transaction did not end in a commit.
enum WriteFailure: Error {
    /// Nothing of it is in the store, nor will be.
    case notWritten(LMDBCode)
    /// The last step, the meta page, failed: the disk may hold the old state or the new one.
    case unknown(LMDBCode)
    /// The environment is closed, or could not be opened again.
    case closed

    /// Whether a larger map would help. Growing ends by itself, at the map's maximum.
    var isMapFull: Bool {
        if case .notWritten(.mapFull) = self { true } else { false }
    }
}
