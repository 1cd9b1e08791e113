import HTTPFetching

/// The header fields of a request that endpoints may read, in the order of the request. ``Name`` lists their names.
///
/// The HTTP server drops all other fields. A request with many fields therefore costs no more than one with few, and
/// both HTTP servers of SignetServer, `FastLane` and Hummingbird, pass on the same fields.
package struct HeaderFields: Sendable, Equatable, ExpressibleByDictionaryLiteral {
    /// The name of a field that an endpoint may read.
    package enum Name: Sendable, CaseIterable {
        case accept, accessControlRequestMethod, authorization, contentType, cookie, ifNoneMatch, origin, secFetchSite
        case userAgent, xForwardedFor

        /// The name in lower case.
        package var text: StaticString {
            switch self {
            case .accept: "accept"
            case .accessControlRequestMethod: "access-control-request-method"
            case .authorization: "authorization"
            case .contentType: "content-type"
            case .cookie: "cookie"
            case .ifNoneMatch: "if-none-match"
            case .origin: "origin"
            case .secFetchSite: "sec-fetch-site"
            case .userAgent: "user-agent"
            case .xForwardedFor: "x-forwarded-for"
            }
        }

        /// Finds a field name without regard to case (RFC 9110 section 5.1); `nil` if no endpoint reads the field.
        package init?(_ name: String) {
            // Compare `name` only with the names of the same length (at most three), because every header field of a
            // request comes through here.
            let candidates: [Name] =
                switch name.utf8.count {
                case 6: Self.sixBytes
                case 10: Self.tenBytes
                case 12: Self.twelveBytes
                case 13: Self.thirteenBytes
                case 14: Self.fourteenBytes
                case 15: Self.fifteenBytes
                case 29: Self.twentyNineBytes
                default: Self.none
                }
            guard let found = candidates.first(where: { name.isFieldName($0.text) }) else { return nil }
            self = found
        }

        private static let none: [Name] = []
        private static let sixBytes: [Name] = [.accept, .cookie, .origin]
        private static let tenBytes: [Name] = [.userAgent]
        private static let twelveBytes: [Name] = [.contentType]
        private static let thirteenBytes: [Name] = [.authorization, .ifNoneMatch]
        private static let fourteenBytes: [Name] = [.secFetchSite]
        private static let fifteenBytes: [Name] = [.xForwardedFor]
        private static let twentyNineBytes: [Name] = [.accessControlRequestMethod]
    }

    private var lines: [Line] = []
    /// The credentials of the last `Authorization` field; `nil` if it has no valid Basic credentials. They are read here
    /// and not for each request, because a connection often repeats its header fields.
    private(set) var basicCredentials: BasicCredentials?

    private struct Line: Equatable {
        let name: Name
        let value: String
    }

    package init() {}

    package init(dictionaryLiteral elements: (Name, String)...) {
        for (name, value) in elements { append(name, value) }
    }

    package mutating func append(_ name: Name, _ value: String) {
        lines.append(Line(name: name, value: value))
        if name == .authorization { basicCredentials = BasicCredentials(authorization: value) }
    }

    /// Whether there is a field of this name.
    package func contains(_ name: Name) -> Bool { lines.contains { $0.name == name } }

    /// The number of fields of one name.
    func count(of name: Name) -> Int { lines.reduce(0) { $1.name == name ? $0 + 1 : $0 } }

    /// The values of all fields of one name, in the order of the request.
    package subscript(values name: Name) -> [String] {
        lines.compactMap { $0.name == name ? $0.value : nil }
    }

    /// The value of a field; `nil` if the request lacks the field. Several values are joined with commas (RFC 9110
    /// section 5.3).
    subscript(_ name: Name) -> String? {
        var found: String?
        for line in lines where line.name == name {
            found = found.map { "\($0), \(line.value)" } ?? line.value
        }
        return found
    }
}

extension String {
    /// Whether this text is the field name `name`, in any mix of upper and lower case. `name` must be in lower case.
    package func isFieldName(_ name: StaticString) -> Bool {
        guard utf8.count == name.utf8CodeUnitCount else { return false }
        return name.withUTF8Buffer { expected in
            var index = 0
            for byte in utf8 {
                let isUpperCase = (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                guard unsafe (isUpperCase ? byte | 0x20 : byte) == expected[index] else { return false }
                index += 1
            }
            return true
        }
    }
}

extension Substring {
    /// The text without spaces and tabs at both ends (`OWS`, RFC 9110 section 5.6.3).
    package func trimmingBlanks() -> Substring {
        func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }
        let rest = drop(while: isBlank)
        return rest.prefix(upTo: rest.lastIndex { !isBlank($0) }.map(rest.index(after:)) ?? rest.startIndex)
    }
}
