import JOSE
import StatusList

/// A status list whose signature and claims were checked (draft-ietf-oauth-status-list, section 5.1).
struct StatusListToken: Sendable {
    /// The required `typ` of a status list token.
    static let type = "statuslist+jwt"
    /// How far the issuer's clock may be ahead of the local clock, in seconds.
    private static let leeway = 60.0

    let list: StatusList
    /// `exp` in seconds since 1970: the time from which the status list must not be used.
    let expiresAt: Double
    /// `ttl`: how long the status list may be cached; `nil` if the list has no `ttl`.
    let timeToLive: Duration?

    init(list: StatusList, expiresAt: Double, timeToLive: Duration?) {
        self.list = list
        self.expiresAt = expiresAt
        self.timeToLive = timeToLive
    }

    struct Fault: Error {
        /// A text for the operator: why the status list was refused.
        let reason: String
    }

    /// Parses a status list token and checks its type. Does not verify the signature.
    static func jws(_ document: [UInt8], maximumCount: Int) throws(Fault) -> CompactJWS {
        let jws: CompactJWS
        do {
            jws = try CompactJWS(parsing: document.span, maximumCount: maximumCount)
        } catch {
            throw Fault(reason: "\(error.detail)")
        }
        guard let type = jws.header.type, MediaType.areEqual(type, Self.type) else {
            throw Fault(
                reason:
                    "status list: typ: expected \(Self.type), found \(jws.header.type.map { PrintableText.quoted($0) } ?? "none")"
            )
        }
        return jws
    }

    /// Verifies the signature with the issuer's keys and checks the claims.
    ///
    /// `exp` is required. `iss` may be missing, as draft-ietf-oauth-status-list allows; otherwise it must be `issuer`.
    init(
        _ jws: CompactJWS, of document: [UInt8], keys: KeySet, uri: String, issuer: String, now: Double,
        maximumEntries: Int
    ) throws(Fault) {
        let search: KeySet.SignerSearch
        do {
            search = try keys.signer(of: jws, in: document.span)
        } catch {
            throw Fault(reason: "\(error.detail)")
        }
        guard case .signedBy = search else {
            throw Fault(reason: "signature: expected a signature by a key of the issuer")
        }
        let claims: JSONObject
        do {
            claims = try JSONObject(parsing: jws.payload)
        } catch {
            throw Fault(reason: "\(error)")
        }
        guard let subject = claims["sub"]?.string, subject.isExactly(uri) else {
            throw Fault(reason: "sub: expected the requested URL")
        }
        if let found = claims["iss"] {
            guard let text = found.string, text.isExactly(issuer) else {
                throw Fault(
                    reason: "iss: expected \(issuer), "
                        + "found \(found.string.map { PrintableText.quoted($0) } ?? "no string")")
            }
        }
        guard let issuedAt = claims["iat"]?.number, issuedAt <= now + Self.leeway else {
            throw Fault(reason: "iat: expected a time that is not in the future")
        }
        guard let expiresAt = claims["exp"]?.number, now < expiresAt else {
            throw Fault(reason: "exp: expected a time in the future")
        }
        self.expiresAt = expiresAt
        timeToLive = try Self.timeToLive(claims["ttl"])
        list = try Self.list(claims["status_list"], maximumEntries: maximumEntries)
    }

    private static func timeToLive(_ value: JSONValue?) throws(Fault) -> Duration? {
        guard let value else { return nil }
        guard let seconds = value.number, seconds > 0 else {
            throw Fault(reason: "ttl: expected a number above zero")
        }
        return .seconds(min(seconds, 86_400))
    }

    /// Reads the claim `status_list`. Lists with more than one bit per entry are refused.
    static func list(_ value: JSONValue?, maximumEntries: Int) throws(Fault) -> StatusList {
        guard let object = value?.object, object["bits"]?.number == 1 else {
            throw Fault(reason: "status_list: expected an object with bits 1")
        }
        guard let text = object["lst"]?.string, let compressed = Base64URL.decode(text.utf8Span.span) else {
            throw Fault(reason: "lst: expected base64url")
        }
        do {
            return try StatusList(inflating: compressed, maximumCount: maximumEntries)
        } catch {
            throw Fault(reason: "lst: \(error)")
        }
    }
}
