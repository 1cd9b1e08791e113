import JOSE
import Testing

@Suite("The JSON scanner")
struct JSONScannerTests {
    @Test func `reports every token once and in order`() throws {
        let bytes = Array(" {\"a\" : [1, 2.5, true, null], \"b\\n\":{}, \"c\":\"x\"} ".utf8)
        var scanner = JSONScanner()
        var described: [String] = []
        loop: while true {
            switch try scanner.next(in: bytes.span) {
            case .beginObject: described.append("{")
            case .endObject: described.append("}")
            case .beginArray: described.append("[")
            case .endArray: described.append("]")
            case .name(let name): described.append("name \(name.string(in: bytes.span))")
            case .string(let text): described.append("string \(text.string(in: bytes.span))")
            case .integer(let integer): described.append("\(integer)")
            case .double(let double): described.append("\(double)")
            case .bool(let bool): described.append("\(bool)")
            case .null: described.append("null")
            case .endOfText: break loop
            }
        }
        let expected = [
            "{", "name a", "[", "1", "2.5", "true", "null", "]", "name b\n", "{", "}", "name c", "string x", "}",
        ]
        #expect(described == expected)
    }

    @Test func `checks the values that it skips`() throws {
        let bytes = Array("{\"a\":[[{\"x\":[1]}],2],\"b\":3,\"c\":{},\"d\":{\"x\":1,\"x\":2}}".utf8)
        var scanner = JSONScanner()
        #expect(try scanner.next(in: bytes.span) == .beginObject)
        for expected in ["a", "b", "c"] {
            guard case .name(let name) = try scanner.next(in: bytes.span) else {
                Issue.record("expected a name")
                return
            }
            #expect(name.string(in: bytes.span) == expected)
            let first = try scanner.next(in: bytes.span)
            try scanner.skipValue(startingWith: first, in: bytes.span)
        }
        guard case .name = try scanner.next(in: bytes.span) else {
            Issue.record("expected a name")
            return
        }
        do throws(JSONError) {
            try scanner.skipValue(in: bytes.span)
            Issue.record("expected a duplicate to be found")
        } catch {
            #expect(error.code == .duplicateMember)
        }
    }

    @Test func `reads a whole value between two tokens`() throws {
        let bytes = Array("{\"a\":[1,{\"b\":2}],\"c\":\"\"}".utf8)
        var scanner = JSONScanner()
        _ = try scanner.next(in: bytes.span)
        _ = try scanner.next(in: bytes.span)
        #expect(try scanner.value(in: bytes.span) == [1, ["b": 2]])
        _ = try scanner.next(in: bytes.span)
        let token = try scanner.next(in: bytes.span)
        #expect(try scanner.value(startingWith: token, in: bytes.span) == "")
        #expect(try scanner.next(in: bytes.span) == .endObject)
        #expect(try scanner.next(in: bytes.span) == .endOfText)
    }

    @Test(arguments: [
        ("\"alg\"", true), ("\"\\u0061lg\"", true), ("\"a\\u006Cg\"", true), ("\"al\"", false), ("\"algo\"", false),
        ("\"Alg\"", false), ("\"alg\\u0000\"", false), ("\"\"", false), ("\"ålg\"", false), ("1", false),
    ])
    func `compares strings byte for byte after unescaping`(text: String, isEqual: Bool) throws {
        let bytes = Array(text.utf8)
        var scanner = JSONScanner()
        let token = try scanner.next(in: bytes.span)
        #expect(token.isExactly("alg", in: bytes.span) == isEqual)
    }
}
