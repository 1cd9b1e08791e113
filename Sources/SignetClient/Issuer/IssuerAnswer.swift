import JOSE

/// The parts of an issuer's response that the client reads.
struct IssuerAnswer: Sendable {
    /// The URL of the request.
    let url: String
    let status: Int
    /// The body as a JSON object; `nil` if the body is anything else.
    let body: JSONObject?
    /// `Retry-After` in seconds; `nil` if the header is missing or is not a number.
    let retryAfter: Int?

    /// The stable error code: `code` of the `/api` routes, or `error` of the OAuth endpoints; `nil` if the body has
    /// neither.
    ///
    /// An error response without a code comes from a proxy, not from the issuer.
    var code: String? { body?["code"]?.string ?? body?["error"]?.string }

    /// Whether the status is temporary, so that a repeated request may succeed.
    var isTemporary: Bool { [429, 500, 502, 503, 504].contains(status) }

    /// The URL, the status and the error code, for logs. Nothing else of the response is included, because the body may
    /// hold tokens.
    var summary: String {
        "\(url): status \(status)" + (code.map { $0.utf8.count <= 64 ? ", code \($0)" : "" } ?? "")
    }

    /// The issuer's message for the user: `message` of the body, or the messages of all `errors`. Unprintable
    /// characters are replaced by spaces. `nil` if there is no message.
    var message: String? {
        if let whole = body?["message"]?.string, let shown = PrintableText(whole) { return shown.text }
        let parts = body?["errors"]?.array?.compactMap { $0.object?["message"]?.string } ?? []
        return PrintableText(parts.joined(separator: "; "))?.text
    }

    /// Converts an error response to an error. `codes` maps the issuer's error codes to codes of ``ClientError``. If
    /// `codes` lacks the response's code, the error is `unavailable` for a temporary status and `unexpectedAnswer` for
    /// any other status.
    ///
    /// The detail of `invalidInput` is the issuer's message. The detail of any other error is a text for logs.
    func error(for codes: [String: ClientError.Code]) -> ClientError {
        if let code, let known = codes[code] {
            let text = known == .invalidInput ? message : nil
            return ClientError(known, text ?? "the issuer answered \(summary)", retryAfter: retryAfter)
        }
        if isTemporary { return ClientError(.unavailable, "the issuer answered \(summary)", retryAfter: retryAfter) }
        return ClientError(.unexpectedAnswer, "the issuer answered \(summary)")
    }
}
