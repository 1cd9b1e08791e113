import SharedState
internal import SignetVerifier

/// Lets one warning about each reason through in ten seconds: in an outage every request has the same to say.
final class WarningLimit: Sendable {
    static let interval = Duration.seconds(10)

    private let last = Guarded<[VerificationError.Code: ContinuousClock.Instant]>([:])

    /// Whether a warning about `code` may be written now; if so it counts as written. The codes that ask are few.
    func allows(_ code: VerificationError.Code, at now: ContinuousClock.Instant) -> Bool {
        last.withLock { last in
            if let before = last[code], now < before + Self.interval { return false }
            last[code] = now
            return true
        }
    }
}
