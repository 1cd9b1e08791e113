import JOSE

/// What the issuer answered, as far as the client reads it.
struct IssuerAnswer: Sendable {
    let status: Int
    /// The body, when it is one JSON object.
    let body: JSONObject?
    /// Seconds, when the answer names a number.
    let retryAfter: Int?

    /// The stable code of a refusal: `code` of the first-party API, `error` of the OAuth endpoints.
    ///
    /// An answer without one is not the issuer's, whatever its status: it may be a proxy's.
    var code: String? { body?["code"]?.string ?? body?["error"]?.string }

    /// Whether the same request may be answered otherwise in a moment.
    var isTemporary: Bool { [429, 500, 502, 503, 504].contains(status) }

    /// For the operator: status and code, never a body.
    var summary: String {
        "status \(status)" + (code.map { $0.utf8.count <= 64 ? ", code \($0)" : "" } ?? "")
    }

    /// The same answer as an error of its own kind or, for one that is not foreseen, as an unexpected one.
    func error(for codes: [String: ClientError.Code]) -> ClientError {
        if let code, let known = codes[code] {
            return ClientError(known, "the issuer said \(summary)", retryAfter: retryAfter)
        }
        if isTemporary { return ClientError(.unavailable, "the issuer said \(summary)", retryAfter: retryAfter) }
        return ClientError(.unexpectedAnswer, "the issuer said \(summary)")
    }
}
