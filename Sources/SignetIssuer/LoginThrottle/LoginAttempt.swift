/// One login that was let in, until its outcome is known.
struct LoginAttempt: Sendable {
    /// Whose failures are counted.
    enum Subject: Hashable, Sendable {
        /// An account, tried from places that it has no session at.
        case account(String)
        /// An account, tried from an address that it has a session at: strangers cannot delay its user there.
        case familiar(account: String, address: String)
        case address(String)

        /// Whether it is one account's failures, be they anywhere or at one address.
        var isAccount: Bool {
            if case .address = self { false } else { true }
        }
    }

    /// The counters that the outcome goes to, each with whether it has been counted as failed already.
    let counted: [(subject: Subject, inAdvance: Bool)]
}
