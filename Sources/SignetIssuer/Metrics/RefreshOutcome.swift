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

    init(_ decision: RotationDecision) {
        switch decision {
        case .rotate: self = .rotated
        case .replay: self = .replayed
        case .recover: self = .recovered
        case .reuse: self = .reused
        case .refused: self = .refused
        }
    }

    /// `nil` for a request that asked for what it may not have: nothing came of its token.
    init?(of error: any Error) {
        switch (error as? IssuerError)?.code {
        case .refreshTokenInvalid: self = .invalid
        case .invalidScope: return nil
        default: self = .failed
        }
    }
}
