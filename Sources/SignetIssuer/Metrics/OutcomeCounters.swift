import CoreMetrics

/// Counts the outcomes of an operation, one counter per outcome. All counters exist from the start.
struct OutcomeCounters<Outcome: RawRepresentable<String> & CaseIterable & Hashable & Sendable>: Sendable {
    private let counters: [Outcome: Counter]

    init(_ metric: IssuerMetric, factory: any MetricsFactory) {
        counters = Dictionary(
            uniqueKeysWithValues: Outcome.allCases.map { outcome in
                let counter = Counter(
                    label: metric.rawValue, dimensions: [("outcome", outcome.rawValue)], factory: factory)
                return (outcome, counter)
            })
    }

    func count(_ outcome: Outcome) { counters[outcome]?.increment() }
}

/// The outcome of a login. It tells an operator no more than the caller learns.
enum LoginOutcome: String, CaseIterable, Sendable {
    case succeeded
    /// Wrong password, unknown account or disabled account.
    case refused
    /// Refused without a check of the password, because too many logins had failed.
    case delayed
    /// The hashing queue was full, or the store was busy.
    case busy
    /// Any other error. Cancellation counts as one.
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

/// The outcome of presenting a refresh token.
enum RefreshOutcome: String, CaseIterable, Sendable {
    case rotated
    case replayed
    case recovered
    /// Reuse: the token's family was revoked.
    case reused
    /// The family has expired or was revoked, or its user is disabled or deleted.
    case refused
    /// The token is malformed or forged, or its family does not exist.
    case invalid
    /// Nothing was decided, because the store failed or the request was cancelled.
    case failed
}
