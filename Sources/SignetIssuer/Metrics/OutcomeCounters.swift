import CoreMetrics

/// Counts the outcomes of an operation, with one counter per outcome. All counters exist from the start, with value 0.
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

/// The outcome of a login, as metrics count it. Like the response to the caller, the outcome does not tell whether
/// the account exists.
enum LoginOutcome: String, CaseIterable, Sendable {
    case succeeded
    /// Wrong password, unknown account or disabled account.
    case refused
    /// The password was not checked, because too many logins had failed before.
    case delayed
    /// The hashing queue was full, or the store was busy.
    case busy
    /// The login failed with any other error, or was cancelled.
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

/// The outcome of a refresh request.
enum RefreshOutcome: String, CaseIterable, Sendable {
    case rotated
    case replayed
    case recovered
    /// An old refresh token was used again, so its session was revoked.
    case reused
    /// The session has expired or was revoked, or its user is disabled or deleted.
    case refused
    /// The token is malformed or forged, or its session does not exist.
    case invalid
    /// The store failed, or the request was cancelled.
    case failed
}
