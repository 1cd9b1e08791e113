// What a verifier and its sources report to operators: states, events and readiness. Nothing in this folder decides
// whether a token is accepted.

/// The state of something that a verifier fetches: the issuer's keys, a status list, or introspection answers.
///
/// Times are durations on the monotonic clock, from or to the moment at which the state was read.
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

    /// A failed fetch of keys, a status list or an introspection answer.
    public struct Failure: Sendable, Hashable {
        /// A text for the operator: the URL, and what was expected and found.
        public let reason: String
        /// The time since the fetch failed.
        public let age: Duration
        /// Whether the issuer's metadata contradicts the configuration: it names another issuer, or has no acceptable
        /// `jwks_uri`. Another fetch does not help then.
        public let isContradiction: Bool
    }

    /// What is fetched.
    public let kind: Kind
    /// The URL or file path that the keys, the status list or the introspection answers come from. For keys that are
    /// found through an issuer's metadata: the issuer identifier.
    public let location: String
    /// Whether the fetched keys or status list may be used now. While fetches fail, expired keys or lists stay usable
    /// for a limited time. For introspection: whether the last request had a usable answer, or a cached answer may still
    /// be used.
    public let isUsable: Bool
    /// The time since the last successful fetch; `nil` if no fetch has succeeded yet.
    public let age: Duration?
    /// The last failed fetch, even if a later fetch succeeded; `nil` if none has failed.
    public let lastFailure: Failure?
    /// The number of fetches that have failed since the last successful fetch; 0 if the last fetch succeeded.
    public let failuresInARow: Int
    /// The time until the next fetch may start; zero if the next token may start one. `nil` for introspection, because
    /// a failed request causes no pause.
    public let untilNextAttempt: Duration?
    /// The time until a token with an unknown `kid` may start a fetch of keys; `nil` if ``kind`` is not `keys`, or if
    /// the keys come from a file.
    public let untilNextKeySearch: Duration?

    /// Whether the last fetch failed.
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
