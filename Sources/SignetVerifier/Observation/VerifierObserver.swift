/// Receives the events of a verifier and of its sources of keys and status lists, for logs and metrics.
///
/// `SignetVerifierOperations` has an observer that writes to swift-log and swift-metrics. The methods are called on the
/// threads that verify tokens, so they must return quickly.
public protocol VerifierObserver: Sendable {
    /// Called at the end of every ``Verifier/verify(_:)``.
    ///
    /// - Parameter refusal: The reason for refusing the token; `nil` if the token was accepted.
    func verificationEnded(_ refusal: VerificationError?)

    /// Called when an attempt to fetch keys, a status list or an introspection answer has ended.
    func fetchEnded(_ fetch: FetchReport)
}

extension VerifierObserver {
    public func verificationEnded(_ refusal: VerificationError?) {}
    public func fetchEnded(_ fetch: FetchReport) {}
}

/// The end of one attempt to fetch keys, a status list or an introspection answer.
public struct FetchReport: Sendable, Hashable {
    /// How a fetch ended. The raw value is the name in metrics.
    public enum Outcome: String, Sendable, CaseIterable {
        /// The fetch brought a new document or an introspection answer.
        case fetched
        /// The document has not changed (304).
        case notModified = "not_modified"
        /// The fetch brought no usable answer. ``SourceState/lastFailure`` has the reason.
        case failed
    }

    /// How the fetch ended.
    public let outcome: Outcome
    /// The state of the keys, the status list or the introspection endpoint after the fetch.
    public let state: SourceState
    /// The number of fetches from this location that had failed in a row before this fetch.
    public let failuresBefore: Int
    /// After a fetch of keys: the `kid` values of the last successfully fetched keys, even if these have expired.
    /// Otherwise empty.
    public let keyIDs: [String]
}
