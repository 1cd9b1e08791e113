import HTTPTypes
import SignetIssuer
import Testing

@testable import SignetAPI

@Suite("Header fields")
struct HeaderFieldsTests {
    @Test(arguments: HeaderFields.Name.allCases)
    func `a name is found in any case`(name: HeaderFields.Name) {
        let text = "\(name.text)"
        let alternating = text.enumerated().map { $0 % 2 == 0 ? $1.uppercased() : "\($1)" }.joined()
        for spelling in [text, text.uppercased(), alternating] {
            #expect(HeaderFields.Name(spelling) == name, "\(spelling)")
        }
    }

    @Test(arguments: HeaderFields.Name.allCases)
    func `a name with one character more, less or changed is not found`(name: HeaderFields.Name) {
        let text = "\(name.text)"
        var others = [text + "s", "x" + text, text + " ", " " + text, text + ":", String(text.dropLast())]
        for index in text.indices {
            others.append(text.replacingCharacters(in: index...index, with: "*"))
            others.append(text.replacingCharacters(in: index...index, with: ""))
            // A lookup that ignores case must ignore the bit 0x20 of ASCII letters only. So flip this bit in a
            // character that is not a letter, such as a hyphen.
            others.append(
                String(
                    decoding: text.utf8.enumerated().map { offset, byte in
                        offset == text.utf8.distance(from: text.startIndex, to: index) && byte < 0x40
                            ? byte ^ 0x20 : byte
                    }, as: UTF8.self))
        }
        for other in others where other != text { #expect(HeaderFields.Name(other) == nil, "\(other)") }
    }

    @Test(arguments: [
        "", "host", "content-length", "transfer-encoding", "connection", "expect", "upgrade", "te", "via", "dnt",
        "forwarded", "x-real-ip", "x-forwarded-proto", "proxy-authorization", "if-match", "if-modified-since", "range",
        "accept-encoding", "accept-language", "access-control-request-headers", "sec-fetch-mode", "sec-fetch-dest",
        "referer", "set-cookie", "user_agent", "coo\u{212A}ie", "\u{17F}ec-fetch-site", "COOKIE\u{0}",
    ])
    func `no other name is found`(name: String) {
        #expect(HeaderFields.Name(name) == nil)
    }

    @Test func `the values of a field keep their order and are joined with commas`() {
        var fields: HeaderFields = [.accept: "a", .cookie: "c"]
        fields.append(.accept, "b, d")
        #expect(fields[values: .accept] == ["a", "b, d"])
        #expect(fields[.accept] == "a, b, d")
        #expect(fields[.cookie] == "c")
        #expect(fields[.origin] == nil)
        #expect(fields[values: .origin] == [])
    }
}

@Suite("Query parameters")
struct QueryFieldsTests {
    private static func read(_ target: String) -> (value: String?, faults: [String]) {
        var query = QueryFields(APIRequest(method: .get, target: target))
        let value = query.value("name", expected: "lower case") { $0 == $0.lowercased() ? $0 : nil }
        do throws(IssuerError) {
            try query.check()
            return (value, [])
        } catch {
            return (value, error.fields.map(\.message))
        }
    }

    @Test(
        arguments: [
            ("/", nil), ("/?", nil), ("/?other=A", nil), ("/?name=a", "a"), ("/?name=", ""), ("/?name", ""),
            ("/?n%61me=%61+b%2B", "a b+"), ("/?x=name&name=a=b?c", "a=b?c"), ("/?&&name=a&", "a"), ("/?NAME=A", nil),
            ("/?name%=A", nil), ("/name=A", nil), ("/?name=%C3%BC", "\u{fc}"),
        ] as [(String, String?)])
    func `a parameter is decoded, and unknown ones are ignored`(target: String, value: String?) {
        #expect(Self.read(target).value == value)
        #expect(Self.read(target).faults == [])
    }

    @Test(arguments: ["/?name=A", "/?name=a&name=a", "/?name=a&n%61me=b", "/?name=%", "/?name=%zz", "/?name=%FF"])
    func `a bad, repeated or undecodable value is a fault`(target: String) {
        #expect(Self.read(target).value == nil)
        #expect(Self.read(target).faults == ["name must be lower case"])
    }
}

extension String {
    fileprivate func replacingCharacters(in range: ClosedRange<Index>, with other: String) -> String {
        self[..<range.lowerBound] + other + self[index(after: range.upperBound)...]
    }
}
