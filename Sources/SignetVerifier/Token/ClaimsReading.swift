import JOSE

/// Scans a claims set once and records the positions of the registered claims.
struct ClaimsReading {
    /// The reason why a claims set was refused.
    enum Fault: Error, CustomStringConvertible {
        case json(JSONError)
        case notAnObject
        case wrongType(claim: StaticString, expected: StaticString)

        var description: String {
            switch self {
            case .json(let error): "\(error)"
            case .notAnObject: "expected a JSON object"
            case .wrongType(let claim, let expected): "\(claim): expected \(expected)"
            }
        }
    }

    private(set) var issuer: JSONText?
    private(set) var subject: JSONText?
    private(set) var audience = TokenContents.Audience.absent
    private(set) var tokenID: JSONText?
    private(set) var clientID: JSONText?
    private(set) var sessionID: JSONText?
    private(set) var scope: JSONText?
    private(set) var expiresAt: Double?
    private(set) var notBefore: Double?
    private(set) var issuedAt: Double?
    private(set) var authTime: Double?
    private(set) var status = StatusListReference.absent

    init(_ bytes: Span<UInt8>) throws(Fault) {
        var scanner = JSONScanner()
        guard try Self.next(&scanner, in: bytes) == .beginObject else { throw .notAnObject }
        while case .name(let name) = try Self.next(&scanner, in: bytes) {
            let value = try Self.next(&scanner, in: bytes)
            switch name.count {
            case 3: try readShort(name, value, &scanner, in: bytes)
            case 5 where name.isExactly("scope", in: bytes): scope = try Self.string(value, "scope")
            case 6 where name.isExactly("status", in: bytes):
                status = try Self.status(value, &scanner, in: bytes)
            case 9 where name.isExactly("client_id", in: bytes): clientID = try Self.string(value, "client_id")
            case 9 where name.isExactly("auth_time", in: bytes): authTime = try Self.number(value, "auth_time")
            default: try Self.skip(value, &scanner, in: bytes)
            }
        }
        // The scanner throws if anything but whitespace follows the object.
        _ = try Self.next(&scanner, in: bytes)
    }

    private mutating func readShort(
        _ name: JSONText, _ value: JSONToken, _ scanner: inout JSONScanner, in bytes: Span<UInt8>
    ) throws(Fault) {
        if name.isExactly("iss", in: bytes) {
            issuer = try Self.string(value, "iss")
        } else if name.isExactly("sub", in: bytes) {
            subject = try Self.string(value, "sub")
        } else if name.isExactly("aud", in: bytes) {
            audience = try Self.audience(value, &scanner, in: bytes)
        } else if name.isExactly("exp", in: bytes) {
            expiresAt = try Self.number(value, "exp")
        } else if name.isExactly("nbf", in: bytes) {
            notBefore = try Self.number(value, "nbf")
        } else if name.isExactly("iat", in: bytes) {
            issuedAt = try Self.number(value, "iat")
        } else if name.isExactly("jti", in: bytes) {
            tokenID = try Self.string(value, "jti")
        } else if name.isExactly("sid", in: bytes) {
            sessionID = try Self.string(value, "sid")
        } else {
            try Self.skip(value, &scanner, in: bytes)
        }
    }

    private static func audience(
        _ value: JSONToken, _ scanner: inout JSONScanner, in bytes: Span<UInt8>
    ) throws(Fault) -> TokenContents.Audience {
        switch value {
        case .string(let text): return .one(text)
        case .beginArray:
            var several: [JSONText] = []
            while true {
                switch try next(&scanner, in: bytes) {
                case .string(let text): several.append(text)
                case .endArray: return .several(several)
                default: throw .wrongType(claim: "aud", expected: "a string or an array of strings")
                }
            }
        default: throw .wrongType(claim: "aud", expected: "a string or an array of strings")
        }
    }

    private static func status(
        _ value: JSONToken, _ scanner: inout JSONScanner, in bytes: Span<UInt8>
    ) throws(Fault) -> StatusListReference {
        guard value == .beginObject else {
            try skip(value, &scanner, in: bytes)
            return .malformed
        }
        var status = StatusListReference.absent
        while case .name(let name) = try next(&scanner, in: bytes) {
            let value = try next(&scanner, in: bytes)
            if name.isExactly("status_list", in: bytes) {
                status = try statusList(value, &scanner, in: bytes)
            } else {
                try skip(value, &scanner, in: bytes)
            }
        }
        return status
    }

    private static func statusList(
        _ value: JSONToken, _ scanner: inout JSONScanner, in bytes: Span<UInt8>
    ) throws(Fault) -> StatusListReference {
        guard value == .beginObject else {
            try skip(value, &scanner, in: bytes)
            return .malformed
        }
        var index: Int64?
        var uri: JSONText?
        while case .name(let name) = try next(&scanner, in: bytes) {
            let value = try next(&scanner, in: bytes)
            if case .integer(let number) = value, name.isExactly("idx", in: bytes) {
                index = number
            } else if case .string(let text) = value, name.isExactly("uri", in: bytes) {
                uri = text
            } else {
                try skip(value, &scanner, in: bytes)
            }
        }
        guard let index, let uri, index >= 0 else { return .malformed }
        return .listed(index: Int(index), uri: uri)
    }

    private static func string(_ value: JSONToken, _ claim: StaticString) throws(Fault) -> JSONText {
        guard case .string(let text) = value else { throw .wrongType(claim: claim, expected: "a string") }
        return text
    }

    private static func number(_ value: JSONToken, _ claim: StaticString) throws(Fault) -> Double {
        switch value {
        case .integer(let integer): return Double(integer)
        case .double(let double): return double
        default: throw .wrongType(claim: claim, expected: "a number")
        }
    }

    private static func next(
        _ scanner: inout JSONScanner, in bytes: Span<UInt8>
    ) throws(Fault) -> JSONToken {
        do { return try scanner.next(in: bytes) } catch { throw .json(error) }
    }

    private static func skip(
        _ value: JSONToken, _ scanner: inout JSONScanner, in bytes: Span<UInt8>
    ) throws(Fault) {
        do { try scanner.skipValue(startingWith: value, in: bytes) } catch { throw .json(error) }
    }
}

/// The `status` claim of a token (draft-ietf-oauth-status-list, section 6.2).
enum StatusListReference: Sendable {
    /// The token has no `status`, or `status` has no `status_list`.
    case absent
    /// The token's status is the entry `index` (not negative) of the status list at `uri`.
    case listed(index: Int, uri: JSONText)
    /// The token has a `status` that is not as draft-ietf-oauth-status-list, section 6.2, requires.
    case malformed
}
