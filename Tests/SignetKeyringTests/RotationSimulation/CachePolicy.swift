/// How long a verifier caches the issuer's key set, and when the verifier fetches the key set again.
struct CachePolicy: Sendable {
    let name: String
    /// Returns for how many seconds the verifier caches keys that the issuer publishes with the given `max-age`.
    let lifetime: @Sendable (_ maxAge: Int64) -> Int64
    /// How many seconds must have passed since the last fetch before a token with an unknown key causes another fetch;
    /// `nil` if such a token causes no fetch.
    let cooldown: Int64?
    /// The keys are fetched again after this fraction of their lifetime; 1 if not before they expire.
    var refreshAhead = 1.0

    static func fixed(_ name: String, _ seconds: Int64, cooldown: Int64?) -> CachePolicy {
        CachePolicy(name: name, lifetime: { _ in seconds }, cooldown: cooldown)
    }

    static let inTheField: [CachePolicy] = [
        .fixed("600 s fixed, cooldown 30 s", 600, cooldown: 30),
        .fixed("5 min fixed", 300, cooldown: 0),
        CachePolicy(name: "Cache-Control, at least 15 min", lifetime: { max($0, 900) }, cooldown: 300),
        CachePolicy(name: "Cache-Control", lifetime: { $0 }, cooldown: nil),
        CachePolicy(name: "Cache-Control, refresh ahead", lifetime: { $0 }, cooldown: 30, refreshAhead: 0.8),
        .fixed("4 h fixed", 4 * 3600, cooldown: nil),
        .fixed("10 h fixed", 10 * 3600, cooldown: nil),
        .fixed("1 h fixed, never asks for unknown keys", 3600, cooldown: nil),
        .fixed("2 days fixed", 2 * 86_400, cooldown: nil),
        .fixed("2 days fixed, asks for unknown keys", 2 * 86_400, cooldown: 30),
    ]
}
