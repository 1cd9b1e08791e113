// What a verifier and its sources report to operators: states, events and readiness. Nothing in this folder decides
// about a token.

/// The state of something that a verifier fetches: the issuer's keys, a status list, or introspection answers.
///
/// All times are durations on the monotonic clock, counted to the moment at which the state was read.
public struct SourceState: Sendable, Hashable, CustomStringConvertible {
    /// The kinds of documents that a verifier fetches. The raw value is the name in logs and metrics.
    public enum Kind: String, Sendable, CaseIterable {
        /// The issuer's public keys.
        case keys
        /// A token status list.
        case statusList = "status_list"
        /// Answers of the introspection endpoint.
        case introspection
    }

    /// A failed attempt to fetch.
    public struct Failure: Sendable, Hashable {
        /// A text for the operator: the URL, and what was expected and found.
        public let reason: String
        /// The time since the attempt failed.
        public let age: Duration
        /// Whether the answer contradicts the configuration, so that repeating the attempt does not help: the metadata
        /// names another issuer, or no acceptable URL of keys.
        public let isContradiction: Bool
    }

    /// What is fetched.
    public let kind: Kind
    /// The URL or the path that the document is fetched from. For keys that are found through an issuer's metadata, the
    /// issuer.
    public let location: String
    /// Whether the document may be used now. During an outage, a document stays usable for a limited time. Always `true`
    /// for introspection, which has no document.
    public let isUsable: Bool
    /// The age of the document: the time since the last successful fetch; `nil` before the first one.
    public let age: Duration?
    /// The last failed attempt, even if a later attempt succeeded; `nil` if none has failed.
    public let lastFailure: Failure?
    /// The number of attempts that have failed since the last success; 0 if the last attempt succeeded.
    public let failuresInARow: Int
    /// The time until the next attempt may start: zero if the next token starts one; `nil` for introspection, which
    /// sends a request when it is asked.
    public let untilNextAttempt: Duration?
    /// The time until a token with an unknown `kid` may start an attempt; `nil` unless keys are fetched over HTTP.
    public let untilNextKeySearch: Duration?

    /// Whether the last attempt failed.
    public var isFailing: Bool { failuresInARow > 0 }

    /// One line for a log.
    public var description: String {
        var parts = ["\(kind.rawValue) \(location): \(isUsable ? "usable" : "not usable")"]
        parts.append(age.map { "fetched \($0.wholeSeconds) s ago" } ?? "never fetched")
        if isFailing, let lastFailure {
            parts.append("\(failuresInARow) failed in a row, last \(lastFailure.age.wholeSeconds) s ago")
            parts.append(lastFailure.reason)
        }
        if isFailing, let untilNextAttempt { parts.append("next attempt in \(untilNextAttempt.wholeSeconds) s") }
        return parts.joined(separator: "; ")
    }
}

extension Duration {
    /// The duration in whole seconds, rounded up.
    var wholeSeconds: Int64 { components.seconds + (components.attoseconds > 0 ? 1 : 0) }
}
