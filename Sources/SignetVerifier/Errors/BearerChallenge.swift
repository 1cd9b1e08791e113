/// The answer to a request whose token was not accepted, by RFC 6750 section 3.
public struct BearerChallenge: Sendable, Hashable {
    /// 400, 401 or 403 for the caller's fault, 503 when nobody can tell now.
    public let status: Int

    /// `invalid_request`, `invalid_token` or `insufficient_scope`; `nil` when the request had no token, and for 503.
    public let error: String?

    /// One sentence about the fault, the same for every token with that fault.
    public let errorDescription: String?

    /// The scopes that would be enough, for `insufficient_scope`.
    public let scopes: [String]

    /// Whole seconds after which to try again, for 503.
    public let retryAfter: Int?

    /// The protection space to name, for example the service's own name. Set it before reading ``headerValue``.
    public var realm: String?

    /// The challenge of `code`.
    ///
    /// - Parameters:
    ///   - code: Why the token was not accepted; decides on status, error and description.
    ///   - scopes: Named with ``VerificationError/Code/insufficientScope`` only.
    ///   - retryAfter: Used with a 503 only; 5 seconds when `nil`.
    ///   - realm: The protection space; none when `nil`.
    public init(
        _ code: VerificationError.Code, scopes: [String] = [], retryAfter: Duration? = nil, realm: String? = nil
    ) {
        let answer = Self.answer(to: code)
        status = answer.status
        error = answer.error
        errorDescription = answer.description
        self.scopes = code == .insufficientScope ? scopes : []
        self.retryAfter = answer.status == 503 ? Self.wholeSeconds(retryAfter ?? .seconds(5)) : nil
        self.realm = realm
    }

    /// The value of the `WWW-Authenticate` header; `nil` for a status that carries none (503).
    public var headerValue: String? {
        guard status != 503 else { return nil }
        var parameters: [(String, String)] = []
        if let realm { parameters.append(("realm", realm)) }
        if let error { parameters.append(("error", error)) }
        if let errorDescription { parameters.append(("error_description", errorDescription)) }
        if !scopes.isEmpty { parameters.append(("scope", scopes.joined(separator: " "))) }
        guard !parameters.isEmpty else { return "Bearer" }
        return "Bearer " + parameters.map { "\($0)=\(Self.quoted($1))" }.joined(separator: ", ")
    }

    /// A quoted-string of RFC 9110 section 5.6.4 that is printable ASCII; anything else becomes `?`.
    private static func quoted(_ text: String) -> String {
        var bytes: [UInt8] = [UInt8(ascii: "\"")]
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case 0x20...0x7E: bytes.append(byte)
            default: bytes.append(UInt8(ascii: "?"))
            }
        }
        bytes.append(UInt8(ascii: "\""))
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func wholeSeconds(_ duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        // A hundred years are as good as never, and no sum overflows.
        return max(1, Int(min(seconds, 100 * 365 * 86_400)) + (attoseconds > 0 ? 1 : 0))
    }
}
