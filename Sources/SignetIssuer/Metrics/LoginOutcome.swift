/// What came of a login, for the metrics: no more than the caller learns.
enum LoginOutcome: String, CaseIterable, Sendable {
    case succeeded
    /// Wrong password, unknown or disabled account.
    case refused
    /// Too many failed before.
    case delayed
    /// Too many wait for a hash or for the disk.
    case busy
    /// Anything else, a caller who went away included.
    case failed

    init(of error: any Error) {
        switch (error as? IssuerError)?.code {
        case .invalidCredentials: self = .refused
        case .tooManyAttempts: self = .delayed
        case .busy: self = .busy
        default: self = .failed
        }
    }
}
