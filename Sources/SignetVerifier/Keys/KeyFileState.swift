import HTTPFetching
import LocalFiles

/// What a ``FileKeySource`` knows of its file, and when to look at it: decisions without I/O.
struct KeyFileState: Sendable {
    /// One look at the file. A later one has the higher number.
    struct Look: Sendable, Equatable {
        let number: UInt64
        let fingerprint: FileFingerprint
    }

    private(set) var keys: KeySet
    /// Why the last look gave no new keys; `nil` when all is well.
    private(set) var fault: String?
    private var fingerprint: FileFingerprint
    private var nextLook: ContinuousClock.Instant
    private var looks: UInt64 = 0
    private var lastTaken: UInt64 = 0

    init(keys: KeySet, fingerprint: FileFingerprint, nextLook: ContinuousClock.Instant) {
        self.keys = keys
        self.fingerprint = fingerprint
        self.nextLook = nextLook
    }

    /// The look to take, if it is time for one.
    mutating func begin(at now: ContinuousClock.Instant, interval: Duration) -> Look? {
        guard now >= nextLook else { return nil }
        nextLook = now + interval
        looks += 1
        return Look(number: looks, fingerprint: fingerprint)
    }

    /// Takes in what a look found, unless a later one was done first: what it saw is newer.
    mutating func end(_ look: Look, found: Result<(KeySet, FileFingerprint), ConfigurationError>) {
        guard look.number > lastTaken else { return }
        lastTaken = look.number
        switch found {
        case .success((let keys, let fingerprint)):
            self.keys = keys
            self.fingerprint = fingerprint
            fault = keys.isEmpty ? "the key file holds no usable key" : nil
        case .failure(let error):
            fault = error.detail
        }
    }
}
