/// What came of presenting a refresh token, for the metrics.
enum RefreshOutcome: String, CaseIterable, Sendable {
    case rotated
    case replayed
    case recovered
    /// The family was revoked because of it.
    case reused
    /// The family had ended before, or its user may not.
    case refused
    /// No refresh token of this issuer.
    case invalid
    /// Nothing was decided: the store could not, or the caller went away.
    case failed
}
