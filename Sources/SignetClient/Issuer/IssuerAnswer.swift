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

    /// For the operator: status and code, never more of a body.
    var summary: String {
        "status \(status)" + (code.map { $0.utf8.count <= 64 ? ", code \($0)" : "" } ?? "")
    }

    /// The issuer's own text about the fields of a request, made fit to be shown: the `message`, or those of `errors`.
    /// `nil` when it says nothing.
    var message: String? {
        if let whole = body?["message"]?.string, let shown = PrintableText(whole) { return shown.text }
        let parts = body?["errors"]?.array?.compactMap { $0.object?["message"]?.string } ?? []
        return PrintableText(parts.joined(separator: "; "))?.text
    }

    /// The same answer as an error of its own kind or, for one that is not foreseen, as an unexpected one.
    ///
    /// The detail of `invalidInput` is the issuer's text; that of any other error is for the operator.
    func error(for codes: [String: ClientError.Code]) -> ClientError {
        if let code, let known = codes[code] {
            let text = known == .invalidInput ? message : nil
            return ClientError(known, text ?? "the issuer said \(summary)", retryAfter: retryAfter)
        }
        if isTemporary { return ClientError(.unavailable, "the issuer said \(summary)", retryAfter: retryAfter) }
        return ClientError(.unexpectedAnswer, "the issuer said \(summary)")
    }
}
